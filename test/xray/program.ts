import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { readProcess } from '../../src/runtime/processTable.ts';
import { Xray } from '../../src/labs/xray.ts';
import type { XraySnapshot } from '../../src/shared/xray/view.ts';
import { chownTree, readableBy, scratchFolder, testUser } from '../host/user.mjs';

export const user = testUser();
/** For configurations and data of the servers; belongs to the user that they run as. */
export const scratch = scratchFolder('bl-xray-', user);

export interface Binary {
  readonly root: string;
  readonly program: string;
  readonly libraries: readonly string[];
}

/** A server that runs for a test, with what the test opened to it. */
export class Program {
  private readonly sockets: Socket[] = [];
  private readonly seen = new Set<string>();

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /** Starts a server as the unprivileged user and waits until it listens on `port`. A port that somebody took meanwhile is given up for another. */
  static async start(command: (port: number) => readonly string[], libraries: readonly string[] = []): Promise<Program> {
    for (let attempt = 1; ; attempt++) {
      const port = await freePort();
      const [file = '', ...args] = command(port);
      const env = { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C', ...(libraries.length > 0 ? { LD_LIBRARY_PATH: libraries.join(':') } : {}) };
      const child = spawn(file, args, { cwd: scratch, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'], ...(user ? { uid: user.uid, gid: user.gid } : {}) });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
      child.on('error', (error) => (said += error.message));
      if (await listens(port, child)) return new Program(child, port);
      kill(child, 'SIGKILL');
      if (attempt === 3) throw new Error(`${file} did not listen: ${said.trim() || 'it said nothing'}`);
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Opens connections that say nothing. */
  async connect(count: number): Promise<Socket[]> {
    const opened = await Promise.all(
      Array.from({ length: count }, async () => {
        const socket = connect(this.port, '127.0.0.1').on('error', () => undefined);
        this.sockets.push(socket);
        await once(socket, 'connect');
        return socket;
      }),
    );
    return opened;
  }

  /** Looks at it until `isSo`, for what takes a moment to come about; the last look where it never is. */
  async look(isSo: (snapshot: XraySnapshot) => boolean, asked = `:${this.port}`): Promise<XraySnapshot> {
    const xray = await Xray.of(asked, Date.now);
    const deadline = Date.now() + 10_000;
    for (;;) {
      const snapshot = await xray.take();
      for (const { pid, startTicks } of snapshot.sample?.processes ?? []) this.seen.add(`${pid} ${startTicks}`);
      if (isSo(snapshot) || Date.now() > deadline) return snapshot;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends it and gives those of its processes that an X-ray saw and that still run. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number[]> {
    for (const socket of this.sockets) socket.destroy();
    const gone = this.child.exitCode === null && this.child.signalCode === null ? once(this.child, 'exit') : Promise.resolve();
    this.child.kill(signal);
    const timer = setTimeout(() => kill(this.child, 'SIGKILL'), 5000);
    await gone;
    clearTimeout(timer);
    const alive = (): number[] => [...this.seen].map((id) => id.split(' ').map(Number)).flatMap(([pid = 0, start]) => (isAlive(pid, start) ? [pid] : []));
    for (let i = 0; i < 40 && alive().length > 0; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    const left = alive();
    for (const pid of left) process.kill(pid, 'SIGKILL');
    return left;
  }
}

/** Writes a file for a server; gives its path. */
export function configuration(name: string, text: string): string {
  const file = join(scratch, name);
  writeFileSync(file, text);
  if (user) chownTree(scratch, user);
  return file;
}

/** A server's program and libraries where the user that runs it may read them. */
export function readable({ root, program, libraries }: Binary): Binary {
  if (root === '/') return { root, program, libraries };
  const at: string = readableBy(user, root, scratch);
  const moved = (path: string): string => at + path.slice(root.length);
  return { root: at, program: moved(program), libraries: libraries.map(moved) };
}

function isAlive(pid: number, startTicks: number | undefined): boolean {
  const stat = readProcess(pid);
  return stat !== null && stat.startTicks === startTicks && stat.state !== 'Z';
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It is gone already.
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function listens(port: number, child: ChildProcess): Promise<boolean> {
  for (let i = 0; i < 400 && child.exitCode === null && child.signalCode === null; i++) {
    const socket = connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(() => true, () => false);
    socket.destroy();
    if (open) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
}
