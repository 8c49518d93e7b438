import type { Simulator } from '../engine/simulator.ts';
import { ProcessorSharing } from '../queue/processorSharing.ts';

/** A process or thread that uses CPU; compared by identity. */
export interface Runner {
  readonly entity: string;
}

/** One stretch of CPU time of a runner. */
export interface Burst {
  readonly runner: Runner;
  readonly core: number;
  readonly done: () => void;
}

const FLUID = -1;

/**
 * Cores that all bursts present share equally, none above one core's speed: time slices so thin that they are a fluid. Switches
 * between slices are therefore not counted; what is charged is taking a runner up, where the core that it gets last ran another
 * one. It gets the idle core that it had, else one that nobody used yet, else the lowest idle one, else the core with fewest bursts.
 */
export class Cores {
  private readonly sharing: ProcessorSharing<Burst>;
  private readonly lastRunner: (Runner | undefined)[];
  private readonly load: number[];

  /** @param onSwitch is told of each switch that is charged. */
  constructor(
    simulator: Simulator,
    count: number,
    private readonly switchCost: number,
    private readonly onSwitch: (runner: Runner, core: number) => void,
  ) {
    this.sharing = new ProcessorSharing(simulator, count, (burst) => this.end(burst));
    this.lastRunner = new Array<Runner | undefined>(count).fill(undefined);
    this.load = new Array<number>(count).fill(0);
  }

  /** CPU time used up to now, over all cores. */
  get busyTime(): number {
    return this.sharing.busyTime;
  }

  /** Runs `work` of CPU time for `runner`, then calls `done`; Infinity never ends. */
  run(runner: Runner, work: number, done: () => void): Burst {
    if (this.switchCost === 0) return this.start({ runner, core: FLUID, done }, work);
    const core = this.coreFor(runner);
    const last = this.lastRunner[core];
    const switched = last !== undefined && last !== runner;
    if (switched) this.onSwitch(runner, core);
    this.lastRunner[core] = runner;
    this.load[core] = (this.load[core] ?? 0) + 1;
    return this.start({ runner, core, done }, switched ? work + this.switchCost : work);
  }

  /** Ends a burst before its time, without calling `done`. */
  stop(burst: Burst): void {
    if (this.sharing.remove(burst)) this.leave(burst);
  }

  private start(burst: Burst, work: number): Burst {
    this.sharing.start(burst, work);
    return burst;
  }

  private end(burst: Burst): void {
    this.leave(burst);
    burst.done();
  }

  private leave({ core }: Burst): void {
    if (core !== FLUID) this.load[core] = (this.load[core] ?? 0) - 1;
  }

  private coreFor(runner: Runner): number {
    let best = 0;
    let bestRank = Infinity;
    for (let core = 0; core < this.load.length; core++) {
      const load = this.load[core] ?? 0;
      const last = this.lastRunner[core];
      const rank = load > 0 ? 2 + load : last === runner ? 0 : last === undefined ? 1 : 2;
      if (rank < bestRank) [best, bestRank] = [core, rank];
    }
    return best;
  }
}
