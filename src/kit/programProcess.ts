import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { OutputTail } from '../runtime/outputTail.ts';
import { hold, release, sleep as patientSleep } from '../runtime/patience.ts';
import type { FromProgram, ToProgram } from '../shared/rpc.ts';
import { programCommand } from './confinement.ts';
import { fromProgram } from './fromProgram.ts';
import { readLines } from './lines.ts';
import type { ProgramSpec } from './programSpec.ts';

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const KEPT_OUTPUT_BYTES = 64 * 1024;
/** Printing more than this ends a program: its reader is not to be kept busy. */
export const OUTPUT_CAP_BYTES = 32 * 1024 * 1024;
/** What it says of itself is some ten messages; only one that writes to the pipe by itself says more than this. */
export const TOLD_CAP = 10_000;
const STOP_GRACE_MS = 300;
const DRAIN_MS = 100;
const DEBUGGER_GRACE_MS = 1000;
/** What Node prints of a debugger, which is not the program's. */
const OF_DEBUGGER = /^(Debugger attached|Debugger ending on .*|Waiting for the debugger to disconnect\.\.)\.\r?\n/gm;

/** A program that this runner started, in a process of its own and in the run's process group. */
export class ProgramProcess {
  readonly pid: number;
  readonly exited: Promise<ProgramEnd>;
  /** What it said of itself, in order. */
  readonly told: FromProgram[] = [];
  end: ProgramEnd | null = null;
  /** True once we asked it to end; what comes then is no crash. */
  stopping = false;
  /** True once it has closed the pipe on which it is heard of. */
  mute = false;
  /** What it was ended for writing too much to. */
  flooded: 'output' | 'pipe' | null = null;
  readonly #child: ChildProcess;
  readonly #pipe: Duplex;
  readonly #debug: boolean;
  readonly #output = new OutputTail(KEPT_OUTPUT_BYTES);
  readonly #waiting = new Map<number, (answer: FromProgram | null) => void>();
  readonly #listeners = new Set<() => void>();
  #lastId = 0;
  #ending = false;

  /** Throws nothing: a process that cannot be started is one that ended. */
  constructor(spec: ProgramSpec, env: Readonly<Record<string, string>>, cwd: string) {
    const [, runnerPath = ''] = process.argv;
    this.#debug = spec.debug;
    const { command, args } = programCommand(spec, runnerPath);
    this.#child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'pipe'], windowsHide: true });
    this.pid = this.#child.pid ?? -1;
    this.#pipe = this.#child.stdio[3] as Duplex;
    this.#pipe.on('error', () => undefined);
    this.#pipe.once('end', () => (this.mute = true));
    // Until a debugger lets it begin.
    if (spec.debug) hold(this);
    readLines(this.#pipe, (value) => this.#hear(fromProgram(value)));
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.on('data', (chunk: Buffer) => this.#print(chunk));
    this.exited = new Promise((resolve) => {
      const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.end = { code, signal };
        release(this);
        for (const answer of this.#waiting.values()) answer(null);
        void this.#drained().then(() => {
          resolve({ code, signal });
          this.#changed();
        });
      };
      this.#child.once('exit', ended);
      this.#child.once('error', () => this.#child.pid === undefined && ended(null, null));
    });
  }

  output(): string {
    const text = this.#output.text();
    return this.#debug ? text.replace(OF_DEBUGGER, '') : text;
  }

  /** Waits until `found` gives something, it ended, or the time is over; gives what `found` then gives. */
  async until<T>(found: () => T | undefined, timeoutMs: number): Promise<T | undefined> {
    const clock = new AbortController();
    const changed = new Promise<void>((resolve) => {
      const look = (): void => {
        if (found() !== undefined || this.end) resolve();
      };
      this.#listeners.add(look);
      clock.signal.addEventListener('abort', () => this.#listeners.delete(look));
      look();
    });
    await Promise.race([changed, patientSleep(timeoutMs, clock.signal).catch(() => undefined)]);
    clock.abort();
    if (this.end) await this.exited;
    return found();
  }

  /** Calls a handler in the program; resolves to its result and when it was given. Rejects when the program refuses or ends. */
  async call(method: string, params: unknown): Promise<{ result: unknown; atNs: number }> {
    const answer = await this.#ask((id) => ({ type: 'call', id, method, params }), null);
    if (answer?.type === 'answered') return answer;
    throw new Error(answer?.type === 'refused' ? answer.message : `The program ended before it answered "${method}".`);
  }

  /** Whether its event loop turns within `patienceMs`, and where it is if not; null where even its watchdog gives no answer, `findMs` later. */
  async whereabouts(patienceMs: number, findMs = 1000): Promise<Extract<FromProgram, { type: 'whereabouts' }> | null> {
    const answer = await this.#ask((id) => ({ type: 'where', id, patienceMs }), patienceMs + findMs);
    return answer?.type === 'whereabouts' ? answer : null;
  }

  /** SIGTERM, a grace unless `at once`, SIGKILL. Resolves when the process is gone. */
  async stop(how: 'with grace' | 'at once' = 'with grace'): Promise<void> {
    if (this.end) return;
    this.stopping = true;
    if (how === 'with grace') {
      this.#child.kill('SIGTERM');
      await Promise.race([this.exited, sleep(STOP_GRACE_MS, undefined, { ref: false })]);
    }
    if (!this.end) this.#child.kill('SIGKILL');
    await this.exited;
  }

  async #ask(request: (id: number) => ToProgram, timeoutMs: number | null): Promise<FromProgram | null> {
    if (this.end) return null;
    const id = ++this.#lastId;
    const answered = new Promise<FromProgram | null>((resolve) => this.#waiting.set(id, resolve));
    this.#pipe.write(`${JSON.stringify(request(id))}\n`);
    const answer = await (timeoutMs === null ? answered : Promise.race([answered, sleep(timeoutMs, null, { ref: false })]));
    this.#waiting.delete(id);
    return answer;
  }

  /** What it said and printed last may still be in the pipes, which a child of its own may hold open. */
  async #drained(): Promise<void> {
    const streams = [this.#pipe, this.#child.stdout, this.#child.stderr];
    const open = streams.filter((stream) => stream !== null && !stream.destroyed);
    const closed = open.map((stream) => new Promise((resolve) => stream?.once('close', resolve)));
    await Promise.race([Promise.all(closed), sleep(DRAIN_MS)]);
    for (const stream of streams) stream?.destroy();
  }

  #hear(message: FromProgram | null): void {
    if (!message) return;
    if (message.type === 'crashed' || message.type === 'exiting') this.#beginEnd();
    if (message.type === 'held' && this.#debug && !this.#ending) hold(this);
    else if (message.type === 'released' || this.#ending) release(this);
    if (message.type === 'held' || message.type === 'released') return;
    if ('id' in message) this.#waiting.get(message.id)?.(message);
    else if (this.told.push(message) > TOLD_CAP) this.#endFlood('pipe');
    this.#changed();
  }

  /** Node's inspector waits at the end for its debugger to go, and now and then misses that it has. */
  #beginEnd(): void {
    if (this.#ending) return;
    this.#ending = true;
    if (this.#debug) setTimeout(() => this.end ?? this.#child.kill('SIGKILL'), DEBUGGER_GRACE_MS).unref();
  }

  #print(chunk: Buffer): void {
    this.#output.add(chunk);
    if (this.#output.totalBytes >= OUTPUT_CAP_BYTES) this.#endFlood('output');
  }

  #endFlood(of: 'output' | 'pipe'): void {
    if (this.flooded) return;
    this.flooded = of;
    this.#child.kill('SIGKILL');
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
