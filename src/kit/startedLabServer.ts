import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ClientGroup } from '../runtime/connectClients.ts';
import { HumanError } from '../shared/errors.ts';
import { endpointEntity, LISTENER_ENTITY, TCP_KIND } from '../shared/tcpTrace.ts';
import type { RunningServer } from './experimentContext.ts';
import { ACCEPTED_METHOD, type AcceptedConnection } from './labServerHandlers.ts';
import type { LabServer } from './labServer.ts';
import type { MeasuredTrace } from './measuredTrace.ts';
import { writeLabModule } from './moduleFolder.ts';
import { ProgramProcess } from './programProcess.ts';
import type { JobContext } from './jobContext.ts';

const START_MS = 10_000;

/** Starts a lab's `server.ts` and waits until it listens. Throws a HumanError where it does not. */
export async function startLabServer(labDir: string, values: Readonly<Record<string, number>>, { runId, folder }: JobContext): Promise<StartedLabServer> {
  const entry = await writeLabModule(join(labDir, 'server.ts'), labDir, folder);
  const spec = { kind: 'server' as const, entry, scriptUrl: pathToFileURL(entry).href, debug: false, values, countStatements: false, mayStartProcesses: true, runId, folder };
  const process = new ProgramProcess(spec, {}, join(folder, 'lab'));
  const listening = await process.until(() => process.told.find((message) => message.type === 'listening'), START_MS);
  if (listening) return new StartedLabServer(process, listening.port);
  const crash = process.told.find((message) => message.type === 'crashed');
  await process.stop('at once');
  throw new HumanError(`The lab's server did not listen: ${crash?.message ?? (process.output().trim() || 'it said nothing')}. Its file is ${join(labDir, 'server.ts')}.`);
}

/** A lab's server that is up. */
export class StartedLabServer implements LabServer {
  readonly pid: number;
  readonly exited: Promise<unknown>;
  readonly #process: ProgramProcess;

  constructor(
    process: ProgramProcess,
    readonly port: number,
  ) {
    this.#process = process;
    this.pid = process.pid;
    this.exited = process.exited;
  }

  async call(method: string, params: unknown = null): Promise<unknown> {
    return (await this.#process.call(method, params)).result;
  }

  async blockLoop(milliseconds: number): Promise<number> {
    return (await this.#process.call('block-loop', { milliseconds })).atNs;
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }

  /** What of it an experiment is handed; what it accepted goes into `trace`. */
  forExperiment(trace: MeasuredTrace): RunningServer {
    return {
      port: this.port,
      pid: this.pid,
      call: (method, params) => this.call(method, params),
      blockLoop: (milliseconds) => this.blockLoop(milliseconds),
      stop: () => this.stop(),
      recordAccepted: async (clients) => recordAccepted((await this.call(ACCEPTED_METHOD)) as AcceptedConnection[], clients, trace),
    };
  }
}

function recordAccepted(accepted: readonly AcceptedConnection[], { clients }: ClientGroup, trace: MeasuredTrace): void {
  const idByPort = new Map(clients.map(({ localPort, id }) => [localPort, id]));
  const changes: { atNs: number; by: 1 | -1 }[] = [];
  for (const { clientPort, descriptor, acceptedNs, closedNs } of accepted) {
    const id = idByPort.get(clientPort);
    if (id !== undefined) trace.add(TCP_KIND.accepted, endpointEntity('server', id), descriptor, undefined, acceptedNs);
    changes.push({ atNs: acceptedNs, by: 1 });
    if (closedNs !== null) changes.push({ atNs: closedNs, by: -1 });
  }
  let open = 0;
  for (const { atNs, by } of changes.toSorted((a, b) => a.atNs - b.atNs)) trace.add(TCP_KIND.descriptors, LISTENER_ENTITY, (open += by), undefined, atNs);
}
