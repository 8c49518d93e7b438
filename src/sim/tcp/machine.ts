import type { Simulator } from '../engine/simulator.ts';

/** Something a program waits for with epoll, level-triggered. */
export interface Watch {
  /** What is asked for; errors and hang-ups are always told. */
  interest: number;
  /** What holds now. */
  poll(): number;
  /** Is called where any of it is ready. */
  ready(events: number): void;
  queued: boolean;
  closed: boolean;
}

/** What things take on the machine that runs both programs and carries their packets, nanoseconds. */
export const COST = {
  connect: 35_000,
  accept: 15_000,
  action: 20_000,
  read: 15_000,
  carry: 12_000,
  deliver: 12_000,
  wakeFromSleep: 45_000,
  wake: 8_000,
} as const;

/** A program polls instead of sleeping where its next own deadline is nearer than this. */
const SPIN_NS = 2_000_000;

/**
 * The one thread that runs the programs of both hosts: it does what is due, then asks epoll what is ready and does that, each
 * in its turn (eventpoll.c: ready things are told in the order in which they became ready, and go to the end of the list again).
 */
export class Machine {
  private readonly due: { run: () => void; cost: number }[] = [];
  private dueHead = 0;
  private readyList: Watch[] = [];
  private batch: { watch: Watch; events: number }[] = [];
  private batchHead = 0;
  private scheduled = false;
  private freeAt = 0;
  private nextDeadline: () => number = () => Infinity;

  constructor(private readonly simulator: Simulator) {}

  /** Does `run` at `timeNs` or as soon after as the machine is free. */
  at(timeNs: number, cost: number, run: () => void): void {
    this.simulator.scheduleAt(Math.max(timeNs, this.simulator.now), () => {
      this.due.push({ run, cost });
      this.kick(0);
    });
  }

  /** Tells when the program has something to do next of its own, so that it does not sleep before. */
  deadlines(next: () => number): void {
    this.nextDeadline = next;
  }

  /** Starts to watch; what is ready already is told next. */
  watch(watch: Watch): void {
    if (watch.poll() & (watch.interest | ALWAYS)) this.wake(watch, 0);
  }

  /** Something happened that `watch` may ask for; `events` 0 where it is not known what. */
  wake(watch: Watch, events: number): void {
    if (watch.queued || watch.closed) return;
    if (events && !(events & (watch.interest | ALWAYS))) return;
    watch.queued = true;
    this.readyList.push(watch);
    this.kick(this.nextDeadline() - this.simulator.now > SPIN_NS ? COST.wakeFromSleep : COST.wake);
  }

  private kick(latency: number): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.simulator.scheduleAt(Math.max(this.simulator.now + latency, this.freeAt), () => this.step());
  }

  private step(): void {
    this.scheduled = false;
    const cost = this.doOne();
    if (cost < 0) return;
    this.freeAt = this.simulator.now + cost;
    this.kick(0);
  }

  /** Does one thing; its cost, or -1 where nothing is to do. */
  private doOne(): number {
    if (this.batchHead >= this.batch.length) {
      const next = this.due[this.dueHead];
      if (next) {
        if (++this.dueHead === this.due.length) this.due.length = this.dueHead = 0;
        next.run();
        return next.cost;
      }
      this.poll();
    }
    const item = this.batch[this.batchHead++];
    if (!item) return -1;
    if (!item.watch.closed) item.watch.ready(item.events);
    return COST.read;
  }

  /** epoll_wait(): what is ready goes into a batch, and to the end of the list. */
  private poll(): void {
    const list = this.readyList;
    this.readyList = [];
    this.batch = [];
    this.batchHead = 0;
    for (const watch of list) {
      const events = watch.closed ? 0 : watch.poll() & (watch.interest | ALWAYS);
      watch.queued = events !== 0;
      if (!events) continue;
      this.batch.push({ watch, events });
      this.readyList.push(watch);
    }
  }
}

/** EPOLLERR and EPOLLHUP. */
const ALWAYS = 8 | 16;
