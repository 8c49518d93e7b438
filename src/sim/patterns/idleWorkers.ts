import type { RandomStream } from '../engine/random.ts';
import type { PatternsScenario } from '../../shared/scenario/patterns.ts';
import type { Worker } from './worker.ts';

/**
 * The workers that wait at a shared queue, and which of them the next request wakes: the longest idle (`fifo`, as processes that
 * block in accept()), the lowest number (`first`), the most recently idle (`last`, as epoll with EPOLLEXCLUSIVE), or any.
 */
export class IdleWorkers {
  private readonly workers: Worker[] = [];

  constructor(
    private readonly wakeup: NonNullable<PatternsScenario['wakeup']>,
    private readonly random: RandomStream,
  ) {}

  add(worker: Worker): void {
    if (this.wakeup === 'first') this.workers.splice(this.placeOf(worker), 0, worker);
    else this.workers.push(worker);
  }

  /** The worker that is woken, which then is idle no more; undefined where all are busy. */
  take(): Worker | undefined {
    if (this.wakeup === 'last') return this.workers.pop();
    if (this.wakeup !== 'random' || this.workers.length < 2) return this.workers.shift();
    return this.workers.splice(this.random.integer(0, this.workers.length - 1), 1)[0];
  }

  remove(worker: Worker): void {
    const at = this.workers.indexOf(worker);
    if (at >= 0) this.workers.splice(at, 1);
  }

  /** Where it stands in order of number, by binary search. */
  private placeOf(worker: Worker): number {
    let low = 0;
    let high = this.workers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.workers[middle] as Worker).id < worker.id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
