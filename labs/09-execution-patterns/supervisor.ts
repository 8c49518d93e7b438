import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Plan } from './plan.ts';
import { programPath } from './program.ts';
import { nowNs } from './work.ts';

/** A server that is up. */
export interface Up {
  readonly port: number;
  /** Its processes, the first one first. */
  readonly pids: readonly number[];
}

/** CPU time in milliseconds. */
export interface CpuTime {
  /** Of the server's first process. */
  readonly own: number;
  /** Of its children that have ended. */
  readonly ended: number;
}

/** In /proc/PID/stat a tick is 10 ms. */
const TICK_MS = 10;

/** Keeps one server up, as an init system does: who ends by itself is started again, at the same port. */
export class Supervisor {
  #child: ChildProcess | null = null;
  #plan: Plan | null = null;
  #pids: readonly number[] = [];
  /** When it was started again: nanoseconds on the monotonic clock. */
  readonly #restarts: number[] = [];

  /** Starts a server in place of the one before; resolves when all its workers are ready. */
  async start(plan: Omit<Plan, 'role' | 'port'>): Promise<Up> {
    this.stop();
    this.#restarts.length = 0;
    return this.#launch({ role: 'server', ...plan, port: 0 });
  }

  /** Its processes as they are now, the first one first; a server whose processes stay is not asked. */
  async pids(): Promise<readonly number[]> {
    const child = this.#child;
    if (this.#plan?.pattern !== 'per-connection' || !child?.connected) return this.#pids;
    const answered = once(child, 'message') as Promise<[{ readonly pids: readonly number[] }]>;
    const ended = once(child, 'exit').then(() => null);
    child.send('pids', () => undefined);
    return (await Promise.race([answered, ended]))?.[0].pids ?? [];
  }

  /** Null where the system does not say, which is outside Linux: fields 14 to 17 of /proc/PID/stat (proc(5)). */
  cpuTime(): CpuTime | null {
    try {
      const stat = readFileSync(`/proc/${this.#child?.pid ?? 0}/stat`, 'latin1');
      const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 15).map(Number);
      return { own: (user + system) * TICK_MS, ended: (childrenUser + childrenSystem) * TICK_MS };
    } catch {
      return null;
    }
  }

  /**
   * Ends a worker as a crash would, at once, however busy it is; gives the moment. Where the workers are threads, or the only one, that is
   * their whole process: a fault in native code is the process's.
   */
  async crash(worker: number): Promise<number> {
    const pids = await this.pids();
    const pid = this.#plan?.pattern === 'single' || this.#plan?.pattern === 'thread-pool' ? pids[0] : pids.slice(1, worker + 2).at(-1);
    try {
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    } catch {
      // It ended in this very moment.
    }
    return nowNs();
  }

  get restarts(): readonly number[] {
    return this.#restarts;
  }

  stop(): void {
    const child = this.#child;
    this.#child = null;
    child?.kill('SIGKILL');
  }

  async #launch(plan: Plan): Promise<Up> {
    const child = fork(programPath, [JSON.stringify(plan)]);
    this.#child = child;
    this.#plan = plan;
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
    const listening = once(child, 'message') as Promise<[{ readonly listening: number; readonly pids: readonly number[] }]>;
    const first = await Promise.race([listening, ended]);
    if (typeof first[0] !== 'object' || first[0] === null) throw new Error(`The server of the pattern ${plan.pattern} ended before it listened (${String(first[1] ?? first[0])}).`);
    const { listening: port, pids } = first[0];
    this.#pids = pids;
    void ended.then(() => {
      if (this.#child !== child) return;
      // It may be stopped, and another started in its place, before it is there again.
      this.#launch({ ...plan, port }).then(() => this.#restarts.push(nowNs()), () => undefined);
    });
    return { port, pids };
  }
}
