import { setTimeout as sleep } from 'node:timers/promises';
import type { ExperimentContext, RunningServer } from 'backend-labs/kit';
import type { Taken } from './recordRun.ts';
import type { Member } from './server.ts';

/** What a start leaves behind (compiling, collecting garbage) is over by then. */
const SETTLE_MS = 40;
const KIB = 1024;

/** The parent and who it has started, one after another, so that it can be seen what each took in memory. */
export class MeasuredFamily {
  readonly members: Member[] = [];
  /** Entity → what it took as it came to be; empty where the system does not say. */
  readonly memory = new Map<string, Taken>();
  /** Memory of the parent's own, in kB; null where the system does not say. */
  parentKb: number | null;
  readonly #lab: ExperimentContext;
  readonly #server: RunningServer;

  constructor(lab: ExperimentContext, server: RunningServer) {
    this.#lab = lab;
    this.#server = server;
    const taken = this.#look(server.pid);
    if (taken) this.memory.set('process:parent', taken);
    this.parentKb = taken?.kb ?? null;
  }

  childPids(): number[] {
    return this.members.filter(({ kind }) => kind === 'process').map(({ pid }) => pid);
  }

  /** Says that the prediction is to reckon with this. */
  pilot(pointer: string, kb: number | null): void {
    if (kb !== null) this.#lab.found(`${pointer}/memory_kb`, kb);
  }

  /** Resolves to what the parent has more than before, in kB; null where the system does not say. */
  async startThread(name: string): Promise<number | null> {
    await this.#start(name, 'thread');
    const now = this.#look(this.#server.pid);
    if (!now || this.parentKb === null) return null;
    const kb = Math.max(0, now.kb - this.parentKb);
    this.parentKb = now.kb;
    this.memory.set(`thread:${name}`, { ...now, kb });
    return kb;
  }

  /** Resolves to what the process has of its own, in kB; null where the system does not say. */
  async startProcess(name: string): Promise<number | null> {
    const { pid } = await this.#start(name, 'process');
    const taken = this.#look(pid);
    if (taken) this.memory.set(`process:${name}`, taken);
    return taken?.kb ?? null;
  }

  async stop(name: string): Promise<void> {
    await this.#server.call('stop', name);
    this.members.splice(this.members.findIndex((member) => member.name === name), 1);
    this.memory.delete(`process:${name}`);
  }

  /** Says what top would add up, beside what the processes really take. */
  tell(): void {
    const children = this.members.flatMap(({ kind, name }) => (kind === 'process' ? (this.memory.get(`process:${name}`) ?? []) : []));
    if (children.length === 0) return;
    const mib = (field: keyof Taken): number => Math.round(children.reduce((sum, one) => sum + one[field], 0) / KIB);
    this.#lab.note(`The ${children.length} processes together: ${mib('rssKb')} MiB resident (RSS, which counts the pages of the program anew for each), ${mib('pssKb')} MiB proportional (PSS, which divides a page among all that share it), ${mib('kb')} MiB of their own.`);
  }

  async #start(name: string, kind: Member['kind']): Promise<Member> {
    const member = (await this.#server.call('start', { name, kind })) as Member;
    this.members.push(member);
    await sleep(SETTLE_MS);
    return member;
  }

  /** Its own: the pages that it alone has and has written to. What it shares, its program above all, is there anyway. */
  #look(pid: number): Taken | null {
    const memory = this.#lab.memory(pid);
    if (memory) return { kb: Math.round(memory.privateDirty / KIB), rssKb: memory.rss / KIB, pssKb: memory.pss / KIB };
    this.#lab.lacks('memory', 'What belongs to which process is not to be seen here: Linux shows it, since version 4.14, in /proc/PID/smaps_rollup.');
    return null;
  }
}
