import type { Simulator } from '../engine/simulator.ts';
import { PATTERNS_KIND, PATTERNS_MODEL, PATTERNS_NS_PER_UNIT, requestEntity } from '../../shared/patternsTrace.ts';
import type { PatternsScenario } from '../../shared/scenario/patterns.ts';
import type { TraceDetail } from '../../shared/trace.ts';
import { BoundedTrace } from '../queue/boundedTrace.ts';
import type { Request } from './request.ts';

const TRACE_ROWS = 6000;

/** What is noted of a run. Requests count from arrival number `warmup` on; the time that counts runs from that arrival to the last departure or loss. */
export class PatternsRecord {
  readonly trace = new BoundedTrace(PATTERNS_MODEL, PATTERNS_NS_PER_UNIT, TRACE_ROWS);
  readonly classOf: Uint8Array;
  /** NaN for those lost. */
  readonly sojourn: Float64Array;
  /** Sojourn beyond a request's own CPU and I/O time: queueing, and what accepting, dispatching, switching and sharing cost. */
  readonly wait: Float64Array;
  /** Per class, all that left in the time that counts, those that came before it included: an overloaded server's pace is not blurred by its backlog. */
  readonly departures: number[];
  windowStart = 0;
  windowEnd = 0;
  /** Of the whole run, the warm-up included. */
  servedInAll = 0;
  private readonly warmup: number;
  private readonly classNames: readonly { readonly class: string }[];
  private ended = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly scenario: PatternsScenario,
  ) {
    this.warmup = scenario.warmup ?? 0;
    this.classNames = scenario.classes.map(({ name }) => ({ class: name }));
    const counted = scenario.requests - this.warmup;
    this.classOf = new Uint8Array(counted);
    this.sojourn = new Float64Array(counted).fill(NaN);
    this.wait = new Float64Array(counted);
    this.departures = scenario.classes.map(() => 0);
  }

  /** Adds a row to the trace; `entity` is a name, or makes one of `index`. */
  note(kind: string, entity: string | ((index: number) => string), index = 0, value = 0, detail?: TraceDetail): void {
    if (!this.trace.open) return;
    this.trace.add(this.simulator.now, kind, typeof entity === 'string' ? entity : entity(index), value, detail);
  }

  /** True where this request is the first that counts. */
  arrival(request: Request): boolean {
    this.note(PATTERNS_KIND.arrive, requestEntity, request.index, request.classIndex, this.classNames[request.classIndex]);
    if (this.scenario.handshake === 'kernel') this.note(PATTERNS_KIND.connected, requestEntity, request.index, 0);
    if (request.index >= this.warmup) this.classOf[request.index - this.warmup] = request.classIndex;
    if (request.index !== this.warmup) return false;
    this.windowStart = this.windowEnd = this.simulator.now;
    this.departures.fill(0);
    return true;
  }

  /** Worker number `worker` starts on a request. */
  started(request: Request, worker: number): void {
    if (!this.trace.open) return;
    if (this.scenario.handshake === 'program') this.note(PATTERNS_KIND.connected, requestEntity, request.index, this.sinceArrival(request));
    this.note(PATTERNS_KIND.start, requestEntity, request.index, worker, this.classNames[request.classIndex]);
  }

  /** A request leaves, served. Gives 1 where it counts, else 0. */
  served(request: Request): number {
    const { now } = this.simulator;
    const sojourn = now - request.arrivedAt;
    if (this.trace.open) this.note(PATTERNS_KIND.depart, requestEntity, request.index, this.sinceArrival(request), this.classNames[request.classIndex]);
    this.servedInAll++;
    this.departures[request.classIndex] = (this.departures[request.classIndex] ?? 0) + 1;
    this.end();
    const at = request.index - this.warmup;
    if (at < 0) return 0;
    this.windowEnd = now;
    this.sojourn[at] = sojourn;
    // A difference of large times may fall a rounding below 0.
    this.wait[at] = Math.max(0, sojourn - request.cpu - request.io - request.after);
    return 1;
  }

  /** A request dies with worker number `worker`; −1 where nobody took it. */
  lost(request: Request, worker: number): void {
    this.note(PATTERNS_KIND.lost, requestEntity, request.index, worker);
    if (request.index >= this.warmup) this.windowEnd = this.simulator.now;
    this.end();
  }

  private sinceArrival({ arrivedAt }: Request): number {
    return this.trace.nanoseconds(this.simulator.now - arrivedAt);
  }

  /** What lies ahead once every request has left is of no interest. */
  private end(): void {
    if (++this.ended === this.scenario.requests) this.simulator.stop();
  }
}
