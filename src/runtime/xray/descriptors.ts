import { readdir, readFile, readlink } from 'node:fs/promises';

/** What a process' descriptors are, as far as the X-ray looks. */
export interface Descriptors {
  /** Inodes of its sockets. */
  readonly sockets: ReadonlySet<number>;
  /** For each of its epoll sets, the inodes in it. */
  readonly epollSets: readonly ReadonlySet<number>[];
  /** Regular files that it has open for writing. */
  readonly writes: readonly string[];
}

/** Of so many open files it is looked up whether they are written. */
const FILES = 32;
/** O_WRONLY | O_RDWR of open(2); flags are printed in octal. */
const WRITABLE = 0o3;

/** Reads /proc/PID/fd; null where this user may not, or the process is gone. */
export async function readDescriptors(pid: number): Promise<Descriptors | null> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => null);
  if (names === null) return null;
  const links = await Promise.all(names.map(async (name) => ({ name, to: await readlink(`/proc/${pid}/fd/${name}`).catch(() => '') })));
  const info = (name: string): Promise<string> => readFile(`/proc/${pid}/fdinfo/${name}`, 'latin1').catch(() => '');
  const epolls = links.filter(({ to }) => to === 'anon_inode:[eventpoll]');
  const files = links.filter(({ to }) => to.startsWith('/') && !to.startsWith('/dev/')).slice(0, FILES);
  const written = await Promise.all(files.map(async ({ name, to }) => (isWritable(await info(name)) ? [to] : [])));
  return {
    sockets: new Set(socketsIn(links.map(({ to }) => to))),
    epollSets: (await Promise.all(epolls.map(({ name }) => info(name)))).map(epollInodesIn),
    writes: [...new Set(written.flat())],
  };
}

/** Inodes of a process' sockets alone, which is quick enough for all processes of a machine; null where this user may not read them. */
export async function readSockets(pid: number): Promise<number[] | null> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => null);
  if (names === null) return null;
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
  return socketsIn(links);
}

function socketsIn(links: readonly string[]): number[] {
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []).map(Number);
}

/** The inodes in the text of an epoll descriptor's fdinfo, where they are hexadecimal (since Linux 4.6; before, there is none). */
export function epollInodesIn(text: string): ReadonlySet<number> {
  return new Set([...text.matchAll(/^tfd:.* ino:([0-9a-f]+)/gm)].map(([, inode]) => Number.parseInt(inode as string, 16)));
}

function isWritable(info: string): boolean {
  return (Number.parseInt(/^flags:\s*([0-7]+)/m.exec(info)?.[1] ?? '0', 8) & WRITABLE) !== 0;
}
