import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { Worker } from 'node:worker_threads';
import { server } from 'backend-labs/kit';
import { ADDER_FILE, ADDER_MARK, type Done, type Job, type Ready } from './adder.ts';

/** One adder, in a thread of this process or in a process of its own. */
export interface Member extends Ready {
  readonly name: string;
  readonly kind: 'thread' | 'process';
}

/** What came of one round: by the adder's name. */
export interface Round {
  readonly done: Readonly<Record<string, Done>>;
  /** What this process reads in x when all are done. */
  readonly parentReads: number;
}

/**
 * The parent. It holds x, starts threads that share it and processes that cannot see it, and lets them add. `GET /` shows who is
 * who and what each reads, `POST /add` lets each add 1000 times; with `onDemand` the experiment starts everybody itself.
 */
export default server(async (lab) => {
  const { threads = 4, processes = 4, adds = 1000, onDemand = 0 } = lab.values;
  const family = new Family();
  lab.handle('start', (params) => family.start(params as Pick<Member, 'name' | 'kind'>));
  lab.handle('stop', (name) => family.stop(name as string));
  lab.handle('run', (jobs) => family.run(jobs as Record<string, Job>));
  if (!onDemand) {
    for (let i = 1; i <= threads; i++) await family.start({ name: `t${i}`, kind: 'thread' });
    for (let i = 1; i <= processes; i++) await family.start({ name: `child${i}`, kind: 'process' });
  }
  const http = createServer((request, response) => {
    void (async () => {
      if (request.method === 'POST') await family.addAll(adds);
      response.end(family.describe());
    })();
  });
  lab.recordAccepts(http);
  http.listen({ host: '127.0.0.1', port: lab.port });
});

class Family {
  readonly #memory = new SharedArrayBuffer(4);
  readonly #x = new Int32Array(this.#memory);
  readonly #members = new Map<string, { readonly member: Member; readonly ask: (job: Job) => Promise<Done>; readonly end: () => Promise<void>; reads: number }>();

  async start({ name, kind }: Pick<Member, 'name' | 'kind'>): Promise<Member> {
    const started = kind === 'thread' ? startThread(name, this.#memory) : startProcess();
    const member = { name, kind, ...((await started.answer()) as Ready) };
    const ask = async (job: Job): Promise<Done> => {
      const answer = started.answer();
      started.send(job);
      return (await answer) as Done;
    };
    this.#members.set(name, { member, ask, end: started.end, reads: 0 });
    return member;
  }

  async stop(name: string): Promise<void> {
    await this.#members.get(name)?.end();
    this.#members.delete(name);
  }

  async run(jobs: Readonly<Record<string, Job>>): Promise<Round> {
    const done = await Promise.all(
      Object.entries(jobs).map(async ([name, job]) => {
        const one = this.#members.get(name);
        if (!one) throw new Error(`There is no adder "${name}".`);
        const result = await one.ask(job);
        one.reads = result.reads;
        return [name, result] as const;
      }),
    );
    return { done: Object.fromEntries(done), parentReads: Atomics.load(this.#x, 0) };
  }

  async addAll(adds: number): Promise<void> {
    const job = { atNs: 0, cpuMs: 0, adds };
    await this.run(Object.fromEntries([...this.#members.keys()].map((name) => [name, job])));
  }

  describe(): string {
    const all = [...this.#members.values()];
    const threads = all.filter(({ member }) => member.kind === 'thread').map(({ member }) => `    thread ${member.name}, TID ${member.tid ?? 'unknown'}: shares this x\n`);
    const processes = all.filter(({ member }) => member.kind === 'process').map(({ member, reads }) => `process ${member.name}, PID ${member.pid}: its own x is ${reads}\n`);
    return `process parent, PID ${process.pid}: x is ${Atomics.load(this.#x, 0)}\n${threads.join('')}${processes.join('')}`;
  }
}

interface Started {
  /** What it says next; rejects if it ends before. */
  answer(): Promise<unknown>;
  send(job: Job): void;
  end(): Promise<void>;
}

function startThread(name: string, memory: SharedArrayBuffer): Started {
  const worker = new Worker(ADDER_FILE, { name, workerData: { memory } });
  return {
    answer: () => nextMessage(worker, `Thread ${name}`),
    send: (job) => worker.postMessage(job),
    end: async () => void (await worker.terminate()),
  };
}

/** Node's fork() is no fork(2): the child is a new program that begins at its first line, with nothing of this process's memory. */
function startProcess(): Started {
  const child = fork(ADDER_FILE, { env: { ...process.env, [ADDER_MARK]: '1' } });
  return {
    answer: () => nextMessage(child, `Process ${child.pid ?? 0}`),
    send: (job) => child.send(job),
    end: () => new Promise((resolve) => void child.once('exit', () => resolve()).kill('SIGKILL')),
  };
}

function nextMessage(from: Pick<NodeJS.EventEmitter, 'once' | 'off'>, who: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error(`${who} ended before it answered.`));
    from.once('exit', ended);
    from.once('error', reject);
    from.once('message', (message: unknown) => {
      from.off('exit', ended);
      from.off('error', reject);
      resolve(message);
    });
  });
}
