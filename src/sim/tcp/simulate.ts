import { TCP_MODEL, type TcpHost } from '../../shared/tcpTrace.ts';
import { TraceBuilder, type Trace } from '../../shared/trace.ts';
import type { TcpAction, TcpConnectionSpec, TcpScenario } from '../../shared/scenario/tcp.ts';
import { Simulator } from '../engine/simulator.ts';
import { Clock } from './clock.ts';
import { Endpoint, type EndpointEvents } from './endpoint.ts';
import { Host } from './host.ts';
import { Loopback, Wire, type Hosts } from './link.ts';
import { Listener } from './listener.ts';
import { COST, Machine, WORK, type Watch, type Work } from './machine.ts';
import { Recorder } from './recorder.ts';
import type { Recording } from './recording.ts';
import { settingsOf, type Settings } from './settings.ts';
import { TcpSocket } from './socket.ts';
import { READABLE } from './socketFlags.ts';
import { connect, setOptions } from './syscalls.ts';
import { timerHandlers } from './timerHandlers.ts';
import { TcpTracer } from './tracer.ts';
import { MS_NS } from './units.ts';
import { TimerWheel } from './wheel.ts';

/** The port that the server listens on; elsewhere a connection finds nobody. */
const PORT = 7000;
/** Events after which a run stops with what it has, unless told otherwise. */
const DEFAULT_MAX_EVENTS = 20_000_000;
/** Segments and events that a recording holds at most, unless told otherwise: some 300 MB of JSON. */
const DEFAULT_MAX_ROWS = 2_000_000;

export interface TcpSimulation {
  readonly recording: Recording;
  readonly trace: Trace;
  /** A bound, on events or on what a recording holds, ended the run before `until_ms`. */
  readonly truncated: boolean;
}

export interface SimulateTcpOptions {
  /** Events after which the run stops with what it has. */
  readonly maxEvents?: number;
  /** Segments and events in the recording after which the run stops with what it has. */
  readonly maxRows?: number;
  /** Whether to build the trace; without it the trace is empty and costs nothing. Default true. */
  readonly trace?: boolean;
}

/**
 * Predicts what Linux does in a scenario that `parseTcpScenario` returned: every segment, event and sample, in the form of the
 * oracle's recordings, and as a trace of model `tcp`. The same scenario always gives the same bytes.
 */
export function simulateTcp(scenario: TcpScenario, options: SimulateTcpOptions = {}): TcpSimulation {
  const run = new Run(scenario, options.trace ?? true, options.maxRows ?? DEFAULT_MAX_ROWS);
  return run.execute(options.maxEvents ?? DEFAULT_MAX_EVENTS);
}

interface Planned {
  readonly name: string;
  readonly spec: TcpConnectionSpec;
}

class Run implements EndpointEvents {
  private readonly simulator = new Simulator();
  private readonly clock = new Clock(this.simulator);
  readonly machine = new Machine(this.simulator, this.clock);
  private readonly planned: readonly Planned[];
  private readonly names: readonly string[];
  /** By index of the connection. */
  private readonly endpoints: Record<TcpHost, (Endpoint | undefined)[]> = { client: [], server: [] };
  private readonly indexOf: ReadonlyMap<string, number>;
  private readonly tracer: TcpTracer | undefined;
  private readonly recorder: Recorder;
  private readonly settings: Settings;
  private readonly hosts: Hosts;
  private readonly listener: Listener;
  private readonly deadlines: number[] = [];
  private nextDeadline = 0;
  private listenerWatch: Watch | undefined = undefined;
  private opened = 0;

  constructor(
    private readonly scenario: TcpScenario,
    trace: boolean,
    maxRows: number,
  ) {
    this.planned = scenario.connections.flatMap((spec) => planned(spec));
    this.names = this.planned.map((plan) => plan.name);
    this.indexOf = new Map(scenario.actions?.length ? this.names.map((name, index) => [name, index]) : []);
    const now = () => this.clock.nowNs;
    this.tracer = trace ? new TcpTracer(this.names, now) : undefined;
    this.recorder = new Recorder(this.names, now, this.tracer, maxRows, () => this.simulator.stop());
    this.settings = settingsOf(scenario);
    this.hosts = this.connectHosts();
    this.listener = this.listen();
    this.schedule();
  }

  get nowNs(): number {
    return this.clock.nowNs;
  }

  event: EndpointEvents['event'] = (endpoint, kind, more) => this.recorder.event(endpoint, kind, more);

  private connectHosts(): Hosts {
    const { scenario, simulator, clock, machine, settings } = this;
    const wheel = new TimerWheel(simulator);
    const link = scenario.link;
    const outlet = settings.loopback
      ? new Loopback(clock, machine, this.recorder)
      : new Wire(simulator, machine, Math.round((link?.one_way_delay_ms ?? 0) * MS_NS), link?.drop ?? [], this.names, this.recorder);
    const server = new Host('server', settings, wheel, simulator, clock, outlet, this.tracer);
    const client = new Host('client', settings, wheel, simulator, clock, outlet, this.tracer, settings.loopback ? server.counters : undefined);
    outlet.hosts = { client, server };
    wheel.within = (work) => outlet.interrupt(work);
    return outlet.hosts;
  }

  private listen(): Listener {
    const { scenario, hosts, settings } = this;
    const { server } = hosts;
    const template = new TcpSocket(server, -1, timerHandlers);
    setOptions(template, scenario.server.sockopts ?? {});
    const backlog = Math.min(scenario.server.backlog ?? 128, settings.somaxconn);
    const listener = new Listener(server, template, backlog, this.tracer);
    listener.onChild = (child) => server.sockets.set(child.conn, child);
    server.listener = listener;
    server.isOpen = (conn) => (this.planned[conn]?.spec.to_port ?? PORT) === PORT;
    return listener;
  }

  private schedule(): void {
    const { scenario, machine } = this;
    if ((scenario.server.accept ?? 'asap') === 'asap') this.acceptAsap();
    const first = new Map<TcpConnectionSpec, number>();
    this.planned.forEach(({ spec }, index) => {
      if (!first.has(spec)) first.set(spec, index);
      const timeNs = ((spec.connect_ms ?? 0) + (index - (first.get(spec) as number)) * (spec.every_ms ?? 0)) * MS_NS;
      this.plan(timeNs, WORK.connect, this.connect, index);
    });
    for (const action of scenario.actions ?? []) {
      for (let i = 0; i < (action.repeat ?? 1); i++) this.plan((action.at_ms + i * (action.every_ms ?? 0)) * MS_NS, WORK.action, this.perform, action);
    }
    for (const moment of scenario.sample_ms ?? []) this.plan(moment * MS_NS, WORK.sample, this.sample, undefined);
    this.deadlines.sort((a, b) => a - b);
    machine.deadlines(() => this.deadlineAfterNow());
  }

  private plan<T>(timeNs: number, work: Work, run: (arg: T) => void, arg: T): void {
    const at = Math.round(timeNs);
    if (at > this.scenario.until_ms * MS_NS) return;
    this.deadlines.push(at);
    this.machine.at(at, work, run, arg);
  }

  private deadlineAfterNow(): number {
    while ((this.deadlines[this.nextDeadline] ?? Infinity) < this.simulator.now) this.nextDeadline++;
    return this.deadlines[this.nextDeadline] ?? Infinity;
  }

  private readonly sample = (): void => this.recorder.sample(this.hosts, this.opened);

  private readonly connect = (index: number): void => {
    const { name, spec } = this.planned[index] as Planned;
    const { client } = this.hosts;
    const socket = new TcpSocket(client, index, timerHandlers);
    client.sockets.set(index, socket);
    const endpoint = new Endpoint(this, client, 'client', name, socket, spec.app ?? {});
    endpoint.afterConnect = spec.connected_sockopts;
    this.endpoints.client[index] = endpoint;
    this.opened++;
    setOptions(socket, spec.sockopts ?? {});
    client.call(socket, () => connect(socket));
    endpoint.startWatching();
  };

  private accept(count: number): void {
    const spec = this.scenario.server;
    for (let i = 0; i < count; i++) {
      const socket = this.listener.accept();
      if (!socket) return;
      this.machine.spend(COST.accept);
      const { name, spec: connection } = this.planned[socket.conn] as Planned;
      const endpoint = new Endpoint(this, this.hosts.server, 'server', name, socket, connection.server_app ?? spec.app ?? {});
      if (spec.accepted_sockopts) endpoint.setOptions(spec.accepted_sockopts);
      this.endpoints.server[socket.conn] = endpoint;
      this.event(endpoint, 'accepted');
      endpoint.startWatching();
    }
  }

  private acceptAsap(): void {
    if (this.listenerWatch) return;
    const watch: Watch = {
      interest: READABLE,
      work: WORK.ready,
      queued: false,
      closed: false,
      poll: () => (this.listener.acceptQueue.length > 0 ? READABLE : 0),
      ready: () => this.accept(Infinity),
    };
    this.listenerWatch = watch;
    this.listener.onReady = () => this.machine.wake(watch, READABLE);
    this.machine.watch(watch);
  }

  private readonly perform = (action: TcpAction): void => {
    if (action.op === 'accept') return this.accept(action.count ?? Infinity);
    if (action.op === 'accept-asap') {
      this.accept(Infinity);
      return this.acceptAsap();
    }
    const endpoint = this.endpoints[action.host][this.indexOf.get(action.conn) ?? -1];
    if (!endpoint) return this.recorder.add(action.host, action.conn, 'no-such-socket', { op: action.op });
    if (action.op === 'send') endpoint.send(action.bytes);
    else if (action.op === 'fill') endpoint.fill(action.chunk ?? 4096);
    else if (action.op === 'recv') endpoint.receive(action.bytes ?? 2 ** 30);
    else if (action.op === 'setsockopt') endpoint.setOptions({ [action.option]: action.value });
    else if (action.op === 'shutdown') endpoint.shutdown();
    else this.close(endpoint);
  };

  private close(endpoint: Endpoint): void {
    if (endpoint.role === 'server' && endpoint.isOpen) this.tracer?.closedDescriptor();
    endpoint.close();
  }

  execute(maxEvents: number): TcpSimulation {
    const untilNs = Math.round(this.scenario.until_ms * MS_NS);
    const reason = this.simulator.run(untilNs, maxEvents);
    const truncated = reason === 'max-events' || reason === 'stopped';
    const recording = this.recorder.recording(this.hosts, this.settings.loopback);
    const durationNs = truncated ? this.simulator.now : untilNs;
    const trace = this.tracer?.build(durationNs, truncated) ?? new TraceBuilder('simulated', TCP_MODEL).build(durationNs, truncated);
    return { recording, trace, truncated };
  }
}

function planned(spec: TcpConnectionSpec): Planned[] {
  if (spec.count === undefined) return [{ name: spec.id, spec }];
  return Array.from({ length: spec.count }, (_, index) => ({ name: `${spec.id}${index + 1}`, spec }));
}
