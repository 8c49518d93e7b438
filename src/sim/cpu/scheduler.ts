import type { ReadyReason } from '../../shared/cpuTrace.ts';
import { coresFor, type Core } from './core.ts';
import type { Policy } from './policy.ts';
import type { Recording } from './recording.ts';
import type { SimThread } from './thread.ts';

/** What a machine costs and has, in ticks. */
export interface Machine {
  readonly cores: number;
  readonly switchProcess: number;
  readonly switchThread: number;
  /** Period after which every thread goes back to level 0, or null. */
  readonly boost: number | null;
}

/**
 * Runs threads on cores, instant by instant. What falls on one instant happens in this order: bursts end, threads arrive and
 * wake, slices end, levels are boosted, free cores are given out, threads are preempted. So a thread whose slice ends goes
 * behind all that arrive at that instant, and every choice sees all that are ready then.
 */
export class Scheduler {
  readonly cores: readonly Core[];
  private readonly ready: SimThread[] = [];
  private now = 0;
  private nextBoost: number;

  constructor(
    private readonly threads: readonly SimThread[],
    private readonly machine: Machine,
    private readonly policy: Policy,
    private readonly recording: Recording,
  ) {
    this.cores = coresFor(machine.cores);
    this.nextBoost = machine.boost ?? Infinity;
  }

  /** Runs until every thread has ended and returns when that was. */
  run(): number {
    let end = 0;
    for (this.now = this.nextInstant(); this.now < Infinity; this.now = this.nextInstant()) {
      end = this.now;
      this.instant();
    }
    return end;
  }

  private nextInstant(): number {
    let next = Infinity;
    for (const core of this.cores) {
      if (core.thread) next = Math.min(next, core.switchedAt > this.now ? core.switchedAt : core.endsAt);
    }
    for (const thread of this.threads) {
      if (thread.state === 'unborn' || thread.state === 'blocked') next = Math.min(next, thread.wakeAt);
    }
    return next === Infinity ? next : Math.min(next, this.nextBoost);
  }

  private instant(): void {
    const wasRunning = this.cores.map((core) => core.thread);
    for (const core of this.cores) this.charge(core);
    for (const core of this.cores) if (core.thread && core.switchedAt === this.now) this.recording.dispatch(this.now, core, core.thread);
    for (const core of this.cores) if (core.thread?.burstLeft === 0) this.endBurst(core, core.thread);
    for (const thread of this.threads) {
      if ((thread.state === 'unborn' || thread.state === 'blocked') && thread.wakeAt === this.now) this.wake(thread);
    }
    const expired = this.endSlices();
    if (this.now === this.nextBoost) this.boost();
    this.giveFreeCores(expired);
    if (this.policy.preempts) this.preempt();
    for (const core of this.cores) if (wasRunning[core.number] && !core.thread) this.recording.idle(this.now, core);
    this.recording.runQueue(this.now, this.ready.length);
  }

  private charge(core: Core): void {
    const { thread } = core;
    const ran = this.now - core.chargedTo;
    if (!thread || ran <= 0) return;
    if (thread.firstRun < 0) thread.firstRun = core.chargedTo;
    thread.burstLeft -= ran;
    thread.cpuLeft -= ran;
    this.policy.charge(thread, ran);
    this.recording.ran(core, thread, core.chargedTo, this.now);
    core.busy += ran;
    core.chargedTo = this.now;
    core.ranLast = thread;
  }

  private endBurst(core: Core, thread: SimThread): void {
    core.thread = undefined;
    this.policy.leave(thread);
    this.startIo(thread);
  }

  /** The present burst's CPU part is over: its I/O follows, or its end. */
  private startIo(thread: SimThread): void {
    const io = thread.bursts[thread.burst]?.io ?? 0;
    if (io === 0) {
      this.finish(thread);
      return;
    }
    thread.state = 'blocked';
    thread.wakeAt = this.now + io;
    thread.burst++;
    thread.burstLeft = thread.bursts[thread.burst]?.cpu ?? 0;
    this.recording.block(this.now, thread, io);
  }

  private finish(thread: SimThread): void {
    thread.state = 'done';
    thread.finish = this.now;
    this.recording.finish(this.now, thread);
  }

  private wake(thread: SimThread): void {
    const arrives = thread.state === 'unborn';
    if (arrives) this.recording.arrive(this.now, thread);
    if (thread.burst >= thread.bursts.length) {
      this.finish(thread);
    } else if (thread.burstLeft === 0) {
      this.startIo(thread);
    } else {
      this.policy.wake(thread, [...this.ready, ...this.running()]);
      this.makeReady(thread, arrives ? 'arrival' : 'io');
    }
  }

  private running(): SimThread[] {
    return this.cores.flatMap((core) => core.thread ?? []);
  }

  private makeReady(thread: SimThread, why: ReadyReason): void {
    thread.state = 'ready';
    thread.readyAt = this.now;
    thread.readyClass = why === 'arrival' || why === 'io' ? 0 : 1;
    this.ready.push(thread);
    this.recording.ready(this.now, thread, why);
  }

  /** Takes their cores from threads whose slices are over; they may get them back at once. */
  private endSlices(): Map<SimThread, Core> {
    const expired = new Map<SimThread, Core>();
    for (const core of this.cores) {
      const { thread } = core;
      if (!thread || core.endsAt !== this.now) continue;
      core.thread = undefined;
      this.policy.leave(thread);
      expired.set(thread, core);
      this.recording.preempt(this.now, core, thread, 'quantum');
      this.makeReady(thread, 'quantum');
    }
    return expired;
  }

  private boost(): void {
    this.nextBoost += this.machine.boost ?? Infinity;
    this.recording.boost(this.now);
    for (const thread of this.threads) {
      thread.level = 0;
      thread.used = 0;
    }
    for (const core of this.cores) if (core.thread) this.setEnd(core, core.thread);
  }

  /**
   * The threads that go first get the idle cores, lowest number first; one whose slice has just ended and that goes first
   * again stays on its core.
   */
  private giveFreeCores(expired: ReadonlyMap<SimThread, Core>): void {
    const idle = this.cores.filter((core) => !core.thread);
    const chosen: SimThread[] = [];
    while (chosen.length < idle.length && this.ready.length > 0) chosen.push(this.takeFirst());
    for (const thread of chosen) {
      const core = expired.get(thread);
      if (core) this.dispatch(core, thread);
    }
    for (const thread of chosen) {
      if (!expired.has(thread)) this.dispatch(idle.find((core) => !core.thread) as Core, thread);
    }
  }

  private takeFirst(): SimThread {
    let first = 0;
    for (let i = 1; i < this.ready.length; i++) {
      if (this.goesBefore(this.ready[i] as SimThread, this.ready[first] as SimThread)) first = i;
    }
    return this.ready.splice(first, 1)[0] as SimThread;
  }

  private goesBefore(a: SimThread, b: SimThread): boolean {
    const byRank = this.policy.rank(a) - this.policy.rank(b);
    return (byRank || a.readyAt - b.readyAt || a.readyClass - b.readyClass || a.index - b.index) < 0;
  }

  /** While a ready thread's rank is lower than a running one's, it takes the core of the one that would go last. */
  private preempt(): void {
    while (this.ready.length > 0) {
      const victim = this.cores.reduce((worst, core) => {
        const [a, b] = [worst.thread, core.thread];
        return a && b && this.goesBefore(a, b) ? core : worst;
      });
      const challenger = this.ready.reduce((best, thread) => (this.goesBefore(thread, best) ? thread : best));
      const { thread } = victim;
      if (!thread || this.policy.rank(challenger) >= this.policy.rank(thread)) return;
      this.ready.splice(this.ready.indexOf(challenger), 1);
      this.recording.preempt(this.now, victim, thread, 'preempted');
      this.makeReady(thread, 'preempted');
      this.dispatch(victim, challenger);
    }
  }

  private dispatch(core: Core, thread: SimThread): void {
    const before = core.ranLast;
    let cost = 0;
    if (before && before !== thread) {
      cost = before.process === thread.process ? this.machine.switchThread : this.machine.switchProcess;
      core.switches++;
      this.recording.switch(this.now, core, before, thread, cost);
    }
    core.thread = thread;
    core.switchedAt = this.now + cost;
    core.chargedTo = core.switchedAt;
    thread.state = 'running';
    this.setEnd(core, thread);
    if (cost === 0) this.recording.dispatch(this.now, core, thread);
  }

  private setEnd(core: Core, thread: SimThread): void {
    core.endsAt = core.chargedTo + Math.min(thread.burstLeft, this.policy.slice(thread));
  }
}
