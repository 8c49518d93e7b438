import type { Request } from './request.ts';
import type { Worker } from './worker.ts';

/** How accepted requests come to those who execute them. */
export interface Dispatcher {
  /** Workers that last; none with a process per connection. */
  readonly workers: readonly Worker[];
  /** A request is there to be executed. */
  arrive(request: Request): void;
  /** Worker number `index` dies; gives back what dies with it. */
  crash(index: number): Request[];
  /** All of them die at once, with whatever waits for them. */
  crashAll(): Request[];
  /** It starts again; `ready` is called when it listens. */
  respawn(index: number, ready: () => void): void;
  /** The most processes or threads that were there at once. */
  readonly peakWorkers: number;
}
