import { NO_SLOT } from './eventPool.ts';
import { EventQueue } from './eventQueue.ts';

/** Names one scheduled event; stays invalid for ever once that event has run or was cancelled. Never 0. */
export type EventHandle = number;

/** The handle that no event has: what a model keeps where no timer is armed. Cancelling it does nothing. */
export const NO_EVENT: EventHandle = 0;

/** Beyond this a model can only have erred; it keeps sums of times finite. */
const LAST_TIME = 1e300;

/**
 * Why `run` came back: no events are left; the rest lie after `until`; `maxEvents` were executed; a handler called `stop()`.
 */
export type StopReason = 'empty' | 'until' | 'max-events' | 'stopped';

/** Is told what the simulator does, before it does it. Must not schedule or cancel. */
export interface SimulatorObserver {
  scheduled?(handle: EventHandle, time: number): void;
  cancelled?(handle: EventHandle): void;
  executing?(handle: EventHandle, time: number): void;
}

/**
 * A discrete-event simulator: a clock and the events that lie ahead of it. Events run in order of time, and those of
 * one time in the order in which they were scheduled, so that a run is a function of its inputs alone.
 *
 * Time is a non-negative double in whatever unit the model chooses. A model that needs exact sums uses integer
 * nanoseconds: they are exact up to 2^53, which is 104 days.
 */
export class Simulator {
  private readonly queue = new EventQueue();
  private time = 0;
  private scheduledCount = 0;
  private executedCount = 0;
  private cancelledCount = 0;
  private running = false;
  private stopping = false;
  private observer: SimulatorObserver | undefined = undefined;

  /** The present: the time of the event that is being executed, or where the last run ended. */
  get now(): number {
    return this.time;
  }

  /** The number of events that are scheduled and neither executed nor cancelled. */
  get pending(): number {
    return this.scheduledCount - this.executedCount - this.cancelledCount;
  }

  /** The number of events executed so far, over all runs. */
  get executed(): number {
    return this.executedCount;
  }

  /**
   * Calls `handler(arg)` when `delay` has passed; with delay 0, after all that is already scheduled for the present.
   * @throws RangeError where the delay is negative, NaN or infinite, which is a mistake in the model.
   */
  schedule(delay: number, handler: () => void): EventHandle;
  schedule<A>(delay: number, handler: (arg: A) => void, arg: A): EventHandle;
  schedule(delay: number, handler: (arg: never) => void, arg?: unknown): EventHandle {
    const time = this.time + delay;
    if (!(delay >= 0 && time <= LAST_TIME)) throw outOfRange('delay', 0, delay);
    return this.insert(time, handler, arg);
  }

  /**
   * Calls `handler(arg)` at `time`, which may be the present.
   * @throws RangeError where the time is past, NaN or infinite, which is a mistake in the model.
   */
  scheduleAt(time: number, handler: () => void): EventHandle;
  scheduleAt<A>(time: number, handler: (arg: A) => void, arg: A): EventHandle;
  scheduleAt(time: number, handler: (arg: never) => void, arg?: unknown): EventHandle {
    if (!(time >= this.time && time <= LAST_TIME)) throw outOfRange('time', this.time, time);
    return this.insert(time, handler, arg);
  }

  /** Takes an event back; false where the handle's event has run, was cancelled, or never was. */
  cancel(handle: EventHandle): boolean {
    if (!this.queue.cancel(handle, this.pending - 1)) return false;
    this.cancelledCount++;
    if (this.observer) this.observer.cancelled?.(handle);
    return true;
  }

  /**
   * Executes events in order, all of those at `until` included, and at most `maxEvents` of them. A finite `until` is where the
   * clock stands afterwards, unless `maxEvents` or `stop` ended the run first. What a handler throws ends the run and is passed
   * on; the simulator can be run further then.
   */
  run(until = Infinity, maxEvents = Infinity): StopReason {
    if (!(until >= this.time)) throw new RangeError(`until must not be before ${this.time}, not ${until}`);
    if (!(maxEvents === Infinity || (Number.isInteger(maxEvents) && maxEvents >= 0))) {
      throw new RangeError(`maxEvents must be a whole number of at least 0, not ${maxEvents}`);
    }
    if (this.running) throw new Error('run was called from within a handler');
    this.running = true;
    this.stopping = false;
    try {
      const reason = this.execute(until, maxEvents);
      if (until < Infinity && (reason === 'empty' || reason === 'until')) this.time = until;
      return reason;
    } finally {
      this.running = false;
    }
  }

  /** Ends the present run after the handler that calls this. */
  stop(): void {
    this.stopping = true;
  }

  /** Sets who is told of every event, or undefined for no one. */
  observe(observer: SimulatorObserver | undefined): void {
    this.observer = observer;
  }

  private insert(time: number, handler: (arg: never) => void, arg: unknown): EventHandle {
    this.scheduledCount++;
    const handle = this.queue.insert(time, handler, arg);
    if (this.observer) this.observer.scheduled?.(handle, time);
    return handle;
  }

  private execute(until: number, maxEvents: number): StopReason {
    const { queue } = this;
    for (let left = maxEvents === Infinity ? -1 : maxEvents; ; left--) {
      const slot = queue.first();
      if (slot === NO_SLOT) return 'empty';
      const time = queue.firstTime();
      if (time > until) return 'until';
      if (left === 0) return 'max-events';
      const handler = queue.handler(slot);
      const arg = queue.arg(slot);
      if (this.observer) this.observer.executing?.(queue.handle(slot), time);
      queue.removeFirst(slot);
      this.time = time;
      this.executedCount++;
      handler(arg as never);
      if (this.stopping) return 'stopped';
    }
  }
}

function outOfRange(name: string, least: number, value: number): RangeError {
  return new RangeError(`${name} must be a number from ${least} to ${LAST_TIME}, not ${value}`);
}
