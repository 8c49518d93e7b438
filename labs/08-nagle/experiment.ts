import { experiment, type ExperimentContext, type RunningServer } from 'backend-labs/kit';
import { LabClient, type Reply } from './client.ts';

/** A connection of the scenario, as far as the experiment goes by it. */
interface Connection {
  readonly id: string;
  readonly count?: number;
  readonly connect_ms?: number;
  readonly every_ms?: number;
  readonly sockopts?: { readonly TCP_NODELAY?: number };
  readonly app?: { readonly requests?: { readonly count: number; readonly writes: readonly number[]; readonly response_bytes: number } };
  readonly server_app?: { readonly reply: Reply };
}

interface Scenario {
  readonly connections: readonly Connection[];
  readonly server: { readonly app: { readonly reply: Reply } };
  readonly actions: readonly { readonly conn: string; readonly at_ms: number; readonly repeat: number; readonly every_ms: number; readonly bytes: number }[];
  readonly until_ms: number;
}

/** This connection's request is one segment because Node gathers two writes before any system call. */
const GATHERED = { id: 'gathered', writes: [100, 900] };
/** Beyond the scenario's end: for a slow machine to come to its last answer. */
const PATIENCE_MS = 1500;
/** Runs the code in, so that the first request does not pay for compiling it. */
const WARM_UPS = 20;

/** The scenario's connections, made by this process to the server in another, at the scenario's times. */
export default experiment(async (lab) => {
  const scenario = lab.scenario as unknown as Scenario;
  lab.progress('Starting the server', 0);
  const server = await lab.startServer();
  const names = new Map<number, string>();
  lab.progress('Starting to look at the segments');
  const capture = await lab.captureSegments(server.port, (clientPort) => names.get(clientPort));
  await warmUp(server, scenario.server.app.reply);
  lab.progress('Making requests', 0.2);
  lab.start();
  const limit = new AbortController();
  const done = Promise.all(scenario.connections.flatMap((spec) => Array.from({ length: spec.count ?? 1 }, (_, i) => runConnection(lab, server, scenario, spec, i, names, limit.signal))));
  await Promise.race([done, lab.until(scenario.until_ms + PATIENCE_MS)]);
  limit.abort();
  lab.progress('Asking the server what it saw', 0.9);
  await recordServer(lab, server, names);
  await capture?.stop();
  await server.stop();
});

async function runConnection(lab: ExperimentContext, server: RunningServer, scenario: Scenario, spec: Connection, index: number, names: Map<number, string>, end: AbortSignal): Promise<void> {
  await lab.until((spec.connect_ms ?? 0) + index * (spec.every_ms ?? 0));
  const name = spec.count === undefined ? spec.id : `${spec.id}${index + 1}`;
  const entity = `client:${name}`;
  const client = await LabClient.connect(server.port, spec.sockopts?.TCP_NODELAY === 1);
  end.addEventListener('abort', () => client.close(), { once: true });
  names.set(client.localPort, name);
  lab.trace.add('connected', entity);
  await server.call('reply', { clientPort: client.localPort, ...(spec.server_app?.reply ?? scenario.server.app.reply) });
  const { requests } = spec.app ?? {};
  const gathered = spec.id === GATHERED.id;
  for (let i = 0; requests && i < requests.count && !end.aborted; i++) {
    const { writes, answeredNs } = await client.request(gathered ? GATHERED.writes : requests.writes, requests.response_bytes, gathered);
    for (const { atNs, bytes } of writes) lab.trace.add('event', entity, bytes, { event: 'sent' }, atNs);
    lab.trace.add('response', entity, answeredNs - (writes[0]?.atNs ?? answeredNs), undefined, answeredNs);
  }
  for (const { at_ms, repeat, every_ms, bytes } of scenario.actions.filter(({ conn }) => conn === name)) {
    for (let i = 0; i < repeat && !end.aborted; i++) {
      await lab.until(at_ms + i * every_ms);
      client.write(bytes);
      lab.trace.add('event', entity, bytes, { event: 'sent' });
    }
  }
  await lab.until(scenario.until_ms);
}

async function warmUp(server: RunningServer, { bytes, per }: Reply): Promise<void> {
  const client = await LabClient.connect(server.port, true);
  for (let i = 0; i < WARM_UPS; i++) await client.request([per / 2, per / 2], bytes, i % 2 === 1);
  client.close();
}

async function recordServer(lab: ExperimentContext, server: RunningServer, names: ReadonlyMap<number, string>): Promise<void> {
  const moments = (await server.call('moments')) as { clientPort: number; atNs: number; event: string; bytes: number }[];
  for (const { clientPort, atNs, event, bytes } of moments) {
    const name = names.get(clientPort);
    if (name === undefined) continue;
    if (event === 'accepted') lab.trace.add('accepted', `server:${name}`, 0, undefined, atNs);
    else lab.trace.add('event', `server:${name}`, bytes, { event }, atNs);
  }
}
