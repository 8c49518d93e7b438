import type { Simulator } from '../engine/simulator.ts';
import type { Clock } from './clock.ts';

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
  readonly work: Work;
}

/** What things take on the machine that runs both programs and carries their packets, nanoseconds. */
export const COST = {
  accept: 13_000,
  wakeFromSleep: 45_000,
  wake: 8_000,
} as const;

/** One kind of work: what it takes, and how many times that at its first turns after a pause, when its code is out of the caches. */
export interface Work {
  readonly costNs: number;
  readonly cold: readonly number[];
}

export const WORK = {
  connect: { costNs: 22_000, cold: [4] },
  action: { costNs: 18_000, cold: [4] },
  /** A segment is handed to its receiver, who answers. */
  deliver: { costNs: 5_000, cold: [14, 2] },
  /** A segment is taken from its sender's side of a link. */
  carry: { costNs: 8_000, cold: [7.5, 2, 1.5] },
  /** epoll tells a program that something is ready. */
  ready: { costNs: 8_000, cold: [9, 2.2, 1.5] },
  /** Reading both hosts' socket tables. */
  sample: { costNs: 6_000_000, cold: [] },
} satisfies Record<string, Work>;

/** Work that was not done for this long is cold again. */
const COLD_AFTER_NS = 3_000_000;

/** A program polls instead of sleeping where its next own deadline is nearer than this. */
const SPIN_NS = 2_000_000;

interface Due {
  readonly run: (arg: never) => void;
  readonly work: Work;
  readonly arg: unknown;
}

/**
 * The one thread that runs the programs of both hosts: it does what is due, then asks epoll what is ready and does that, each
 * in its turn (eventpoll.c: ready things are told in the order in which they became ready, and go to the end of the list again).
 */
export class Machine {
  private readonly due: Due[] = [];
  private dueHead = 0;
  private readyList: Watch[] = [];
  private batch: { watch: Watch; events: number }[] = [];
  private batchHead = 0;
  private scheduled = false;
  private running = false;
  private spent = 0;
  /** How often each kind of work was done without a pause, and when last. */
  private readonly turns = new Map<Work, { times: number; lastNs: number }>();
  /** When what was put off is due, earliest first. */
  private readonly putOff: number[] = [];
  private putOffHead = 0;
  private freeAt = 0;
  /** When the present turn will have done its work. */
  private turnEndNs = 0;
  private nextDeadline: () => number = () => Infinity;

  /** How many things were done. */
  turnCount = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly clock: Clock,
  ) {}

  /** Does `run` at `timeNs` or as soon after as the machine is free. */
  at<T>(timeNs: number, work: Work, run: (arg: T) => void, arg: T): void {
    const due: Due = { run, work, arg };
    this.simulator.scheduleAt(Math.max(timeNs, this.simulator.now), this.becomesDue, due);
  }

  private readonly becomesDue = (due: Due): void => {
    this.due.push(due);
    this.kick(0);
  };

  /** Does `run` after `delayNs`, the same at every call, from the end of the present turn: it puts off as the last thing. */
  after<T>(delayNs: number, work: Work, run: (arg: T) => void, arg: T): void {
    const timeNs = this.turnEndNs + delayNs;
    this.putOff.push(timeNs);
    this.at(timeNs, work, run, arg);
  }

  /** Does more work of a kind within the present turn. */
  also(work: Work): void {
    this.spent += this.costOf(work);
  }

  private untilDeadline(): number {
    const now = this.simulator.now;
    while ((this.putOff[this.putOffHead] ?? Infinity) < now) this.putOffHead++;
    if (this.putOffHead > 1024) {
      this.putOff.splice(0, this.putOffHead);
      this.putOffHead = 0;
    }
    return Math.min(this.putOff[this.putOffHead] ?? Infinity, this.nextDeadline()) - now;
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
    this.kick(this.untilDeadline() > SPIN_NS ? COST.wakeFromSleep : COST.wake);
  }

  /** What is being done takes this much longer. */
  spend(cost: number): void {
    this.spent += cost;
  }

  private kick(latency: number): void {
    if (this.scheduled || this.running) return;
    this.scheduled = true;
    this.simulator.scheduleAt(Math.max(this.simulator.now + latency, this.freeAt), this.step);
  }

  private readonly step = (): void => {
    this.scheduled = false;
    this.running = true;
    this.spent = 0;
    this.turnCount++;
    const cost = this.doOne();
    this.running = false;
    if (cost < 0) return;
    this.freeAt = Math.max(this.clock.nowNs, this.simulator.now + cost + this.spent);
    this.kick(0);
  };

  /** Does one thing; its cost, or -1 where nothing is to do. */
  private doOne(): number {
    if (this.batchHead >= this.batch.length) {
      const next = this.due[this.dueHead];
      if (next) {
        if (++this.dueHead === this.due.length) this.due.length = this.dueHead = 0;
        next.run(next.arg as never);
        return this.costOf(next.work);
      }
      this.poll();
    }
    const item = this.batch[this.batchHead++];
    if (!item) return -1;
    const cost = this.costOf(item.watch.work);
    this.turnEndNs = this.simulator.now + cost;
    if (!item.watch.closed) item.watch.ready(item.events);
    return cost;
  }

  private costOf(work: Work): number {
    const now = this.simulator.now;
    let turn = this.turns.get(work);
    if (!turn) this.turns.set(work, (turn = { times: 0, lastNs: now }));
    if (now - turn.lastNs > COLD_AFTER_NS) turn.times = 0;
    turn.lastNs = now;
    return work.costNs * (work.cold[turn.times++] ?? 1);
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
