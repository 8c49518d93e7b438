import { spawn, type ChildProcess } from 'node:child_process';
import { delimiter } from 'node:path';
import type { SegmentDetail, TcpHost } from '../shared/tcpTrace.ts';
import { monotonicNs } from './monotonicNs.ts';
import { framesIn } from './pcap.ts';
import { tcpHeaderIn, type TcpHeader } from './tcpFrame.ts';

/** A segment that was seen on loopback, at its sender's time on the monotonic clock. */
export interface SeenSegment {
  readonly atNs: number;
  readonly from: TcpHost;
  readonly clientPort: number;
  readonly detail: Omit<SegmentDetail, 'arriveNs' | 'dropped'>;
}

export interface RunningCapture {
  /** Everything seen, in order. */
  stop(): Promise<readonly SeenSegment[]>;
}

/** Enough for every header of a segment. */
const SNAP_BYTES = 160;
const START_MS = 4000;
/** For tcpdump to take the last packets out of the kernel's ring. */
const SETTLE_MS = 100;
const STOP_MS = 1000;

/** Looks at loopback with tcpdump, where it is installed and allowed to; else says in a sentence why not. */
export async function captureSegments(port: number, signal: AbortSignal): Promise<RunningCapture | { readonly why: string }> {
  const child = startTcpdump(port);
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const failure = await untilItListens(child);
  if (failure !== null) {
    child.kill('SIGKILL');
    return { why: failure };
  }
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let stopped: Promise<readonly SeenSegment[]> | undefined;
  const stop = async (): Promise<readonly SeenSegment[]> => {
    if (!signal.aborted) await wait(SETTLE_MS);
    child.kill('SIGINT');
    await Promise.race([closed, wait(STOP_MS)]);
    child.kill('SIGKILL');
    return segmentsOf(Buffer.concat(chunks), port);
  };
  return { stop: () => (stopped ??= stop()) };
}

function startTcpdump(port: number): ChildProcess {
  const args = ['-i', 'lo', '--immediate-mode', '-n', '-U', '-s', String(SNAP_BYTES), '--time-stamp-precision=nano', '-w', '-', `tcp port ${port}`];
  // It lies where an ordinary user's PATH does not lead.
  const env = { ...process.env, PATH: [process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter) };
  return spawn('tcpdump', args, { stdio: ['ignore', 'pipe', 'pipe'], env });
}

function untilItListens(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    let said = '';
    const timer = setTimeout(() => resolve('No segments: tcpdump did not come up.'), START_MS);
    const settle = (failure: string | null): void => {
      clearTimeout(timer);
      resolve(failure);
    };
    child.once('error', (error: NodeJS.ErrnoException) => settle(error.code === 'ENOENT' ? 'No segments: they are seen only where tcpdump is installed.' : `No segments: tcpdump cannot be started (${error.message}).`));
    child.once('exit', () => settle(`No segments: tcpdump may not look at loopback here (${said.trim().split('\n').at(-1) ?? ''}).`));
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('listening on')) settle(null);
    });
  });
}

/** The connections' segments with relative sequence numbers and windows in bytes, at times of the monotonic clock. */
export function segmentsOf(pcap: Buffer, port: number, wallToMonotonic: bigint = wallToMonotonicNs()): SeenSegment[] {
  const firsts = new Map<string, TcpHeader>();
  const seen: SeenSegment[] = [];
  for (const { wallNs, linkType, bytes } of framesIn(pcap)) {
    const header = tcpHeaderIn(linkType, bytes);
    if (!header) continue;
    const from = header.destinationPort === port ? 'client' : 'server';
    const clientPort = from === 'client' ? header.sourcePort : header.destinationPort;
    const mine = `${from} ${clientPort}`;
    if (header.flags.includes('S')) firsts.set(mine, header);
    const first = firsts.get(mine) ?? header;
    const peer = firsts.get(`${from === 'client' ? 'server' : 'client'} ${clientPort}`);
    const scale = header.flags.includes('S') || !peer ? 0 : (first.windowScale ?? 0);
    const detail = {
      flags: header.flags,
      seq: (header.seq - first.seq) >>> 0,
      ack: header.flags.includes('.') && peer ? (header.ack - peer.seq) >>> 0 : 0,
      len: header.len,
      win: header.window * 2 ** scale,
    };
    seen.push({ atNs: Number(wallNs + wallToMonotonic), from, clientPort, detail });
  }
  return seen;
}

/** What to add to nanoseconds of the wall clock to have them on the monotonic one, to about 20 µs. */
function wallToMonotonicNs(): bigint {
  const wallMs = performance.timeOrigin + performance.now();
  return BigInt(monotonicNs()) - BigInt(Math.round(wallMs * 1000)) * 1000n;
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
