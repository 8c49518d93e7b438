import { check, type CheckContext, type Program } from 'backend-labs/kit';

const PAGES = 4096;
const PAGE_BYTES = 4096;
/** Pages that are written; each several times. */
const TOUCHED = 50;
const WRITES_EACH = 20;
const FORKS = 20;
/** Copies that nobody counted would show here: 20 full ones would be 320 MiB. */
const GROWTH_BYTES = 96 * 1024 ** 2;

const FORK = [/^ {2}fork\(\)/m, /fork\(\)/];
const WRITE = [/^ {2}write\(/m, /write\(/];
const RELEASE = [/^ {2}release\(\)/m, /release\(\)/];

export default [
  check('serves', async (t) => {
    const store = await start(t);
    t.step('Write a byte and read it');
    await store.write(0, [[7, 3, 65]]);
    await expectByte(t, store, 0, 7, 65, { hint: 'answers-stay', at: WRITE });
  }),

  check('snapshot', async (t) => {
    const store = await start(t);
    await store.write(0, [[7, 3, 1]]);
    t.step('Fork, and write to the parent');
    const child = await store.fork(0);
    await store.write(0, [[7, 3, 2]]);
    await expectByte(t, store, child, 7, 1, { hint: 'the-writer-copies', at: [/this !== first/, ...WRITE] });
    await expectByte(t, store, 0, 7, 2, { hint: 'the-writer-copies', at: WRITE });
    t.step('Write to the child');
    await store.write(child, [[7, 3, 3], [8, 3, 4]]);
    await expectByte(t, store, 0, 7, 2, { hint: 'the-writer-copies', at: WRITE });
    await expectByte(t, store, 0, 8, 0, { hint: 'the-writer-copies', at: WRITE });
    await expectByte(t, store, child, 8, 4, { hint: 'the-writer-copies', at: WRITE });
  }, { needs: ['serves'] }),

  check('again', async (t) => {
    const store = await start(t);
    const first = await store.fork(0);
    await store.write(0, [[7, 3, 1]]);
    t.step('Fork a second time, and write to the same page again');
    const second = await store.fork(0);
    await store.write(0, [[7, 3, 2]]);
    const aim = { hint: 'shared-again', at: [/#own/, ...WRITE] };
    await expectByte(t, store, first, 7, 0, aim);
    await expectByte(t, store, second, 7, 1, aim);
    t.step('Fork the second snapshot, and write to it');
    const grandchild = await store.fork(second);
    await store.write(second, [[7, 3, 9]]);
    await expectByte(t, store, grandchild, 7, 1, aim);
    await expectByte(t, store, 0, 7, 2, aim);
    t.step('Fork twice, and write to the same page of the parent and of the one snapshot');
    const [third, fourth] = [await store.fork(0), await store.fork(0)];
    await store.write(0, [[9, 3, 5]]);
    await store.write(third, [[9, 3, 6]]);
    await expectByte(t, store, fourth, 9, 0, { hint: 'count-the-users', at: [/users = 2/, ...FORK, ...WRITE] });
  }, { needs: ['snapshot'] }),

  check('copies', async (t) => {
    const store = await start(t);
    const touched = Array.from({ length: TOUCHED }, (_, i) => (i * 61 + t.random.integer(0, 60)) % PAGES);
    const writes = touched.flatMap((page) => Array.from({ length: WRITES_EACH }, (_, i) => [page, i, i + 1] as const));
    t.step(`Write ${writes.length} bytes before any fork`);
    await store.write(0, writes);
    await expectCopied(t, store, 0, 'Nobody shares these pages', { hint: 'only-what-is-shared', at: WRITE });
    t.step('Fork');
    const child = await store.fork(0);
    await expectCopied(t, store, 0, 'fork() copies no page', { hint: 'fork-copies-nothing', at: FORK });
    t.expect((await store.frames()).inUse, { equals: PAGES }, { what: 'Frames in use for two stores with the same bytes', unit: 'frames', hint: 'fork-copies-nothing', at: FORK });
    t.step(`Read ${TOUCHED} pages of both`);
    for (const page of touched) await Promise.all([store.read(0, page), store.read(child, page)]);
    await expectCopied(t, store, 0, 'A read changes nothing', { hint: 'a-read-shares', at: [/^ {2}read\(/m] });
    t.step(`Write ${writes.length} bytes to ${TOUCHED} pages of the parent`);
    // Other bytes than are there: whoever leaves a page alone that would not change is right, too.
    await store.write(0, writes.map(([page, offset, value]) => [page, offset, value + 100] as const));
    await expectCopied(t, store, new Set(touched).size, 'Each page that was written is copied once', { hint: 'once-a-page', at: WRITE });
  }, { needs: ['snapshot'] }),

  check('last-one', async (t) => {
    const store = await start(t);
    const child = await store.fork(0);
    t.step('Write to a page of the parent, and then to the same page of the child');
    await store.write(0, [[7, 0, 1]]);
    await store.write(child, [[7, 0, 2]]);
    await expectCopied(t, store, 1, 'Two stores need two frames: one copy', { hint: 'the-last-one-owns', at: [/#readOnly/, ...WRITE] });
  }, { needs: ['copies'] }),

  check('released', async (t) => {
    const store = await start(t);
    const before = store.program.residentBytes();
    t.step(`${FORKS} times: fork, write to ${TOUCHED} pages, release the snapshot`);
    for (let i = 0; i < FORKS; i++) {
      const child = await store.fork(0);
      await store.write(0, Array.from({ length: TOUCHED }, (_, page) => [page, i, 1] as const));
      await store.release(child);
    }
    const { inUse } = await store.frames();
    const aim = { hint: 'drop-what-is-released', at: RELEASE };
    t.expect(inUse, { equals: PAGES }, { what: 'Frames in use when only the first store is left', unit: 'frames', ...aim });
    t.step('Write once more, with no snapshot left');
    const { copied } = await store.frames();
    await store.write(0, [[7, 0, 1], [2000, 0, 1]]);
    await expectCopied(t, store, copied, 'Nobody shares these pages any more', aim);
    const now = store.program.residentBytes();
    if (before === null || now === null) return;
    const message = `After ${FORKS} snapshots of ${(PAGES * PAGE_BYTES) / 1024 ** 2} MiB your program has ${Math.round((now - before) / 1024 ** 2)} MiB more in memory.`;
    t.expect(now - before, { atMost: GROWTH_BYTES }, { what: 'Memory more than before', unit: 'bytes', kind: 'leaked', message, hint: 'fork-copies-nothing', at: FORK });
  }, { needs: ['last-one'] }),
];

interface Aim {
  readonly hint: string;
  readonly at: readonly RegExp[];
}

/** The learner's stores, by their HTTP. */
class Stores {
  readonly program: Program;
  readonly #t: CheckContext;

  constructor(t: CheckContext, program: Program) {
    this.#t = t;
    this.program = program;
  }

  async fork(store: number): Promise<number> {
    return (await this.#ask('POST', `/fork?store=${store}`)) as number;
  }

  async write(store: number, bytes: readonly (readonly [page: number, offset: number, value: number])[]): Promise<void> {
    await this.#ask('POST', `/write?store=${store}`, JSON.stringify(bytes));
  }

  /** The byte at offset 3. */
  async read(store: number, page: number): Promise<number> {
    return (await this.#ask('GET', `/read?store=${store}&page=${page}&offset=3`)) as number;
  }

  async release(store: number): Promise<void> {
    await this.#ask('POST', `/release?store=${store}`);
  }

  async frames(): Promise<{ readonly inUse: number; readonly copied: number }> {
    return (await this.#ask('GET', '/frames')) as { inUse: number; copied: number };
  }

  async #ask(method: string, path: string, body?: string): Promise<unknown> {
    const { status, error, body: answered } = await this.#t.http(this.program, { method, path, ...(body !== undefined && { body }) });
    this.#t.expect(error ?? status, { equals: 200 }, { what: `The answer to ${method} ${path}`, message: `${method} ${path} was answered with ${error ?? `status ${status}: ${answered}`}.`, hint: 'answers-stay', at: /async function answer/ });
    return JSON.parse(answered);
  }
}

async function start(t: CheckContext): Promise<Stores> {
  t.step('Start your store');
  return new Stores(t, await t.start());
}

async function expectByte(t: CheckContext, store: Stores, number: number, page: number, value: number, aim: Aim): Promise<void> {
  t.expect(await store.read(number, page), { equals: value }, { what: `The byte in page ${page} of store ${number}`, ...aim });
}

async function expectCopied(t: CheckContext, store: Stores, copies: number, why: string, aim: Aim): Promise<void> {
  const { copied } = await store.frames();
  t.expect(copied, { equals: copies }, { what: `${why}. Pages copied so far`, unit: 'pages', ...aim });
}
