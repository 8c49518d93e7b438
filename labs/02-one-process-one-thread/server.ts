import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { busyLoop, calibrateBusyLoop, server } from 'backend-labs/kit';

/** One turn of the loop for a request, at this process's own times on the monotonic clock. */
export interface Turn {
  /** The request's number. */
  readonly index: number;
  /** The first turn of a request, or the one after its I/O. */
  readonly part: 'start' | 'resume';
  readonly fromNs: number;
  readonly untilNs: number;
  /** How much longer it took than it was to compute. */
  readonly overMs: number;
  /** Whether I/O follows. */
  readonly waits: boolean;
  /** When its I/O was over, a timer here: the turn began then, or when the loop was free. Null for a first turn. */
  readonly dueNs: number | null;
}

const USUAL_MS: Readonly<Record<string, number>> = { '/cheap': 1, '/heavy': 300 };
/** Longest that a request may compute or wait, in milliseconds. */
const LONGEST_MS = 60_000;
/** So often it looks at the clock while it computes. */
const PIECES_PER_MS = 50;

/** `/cheap` and `/heavy` compute for `cpu` ms of the clock on the loop's own thread, wait for `io` ms, and answer. `n` is the request's number. */
export default server((lab) => {
  const piece = Math.round(calibrateBusyLoop() / PIECES_PER_MS);
  let turns: Turn[] = [];

  /** Computes for `cpuMs` on the loop, then does what ends the turn; keeps when that was, and gives when it was over. */
  const turn = (index: number, dueNs: number | null, waits: boolean, cpuMs: number, end: () => void): number => {
    const fromNs = nowNs();
    while (nowNs() - fromNs < cpuMs * 1e6) busyLoop(piece);
    end();
    const untilNs = nowNs();
    turns.push({ index, part: dueNs === null ? 'start' : 'resume', fromNs, untilNs, overMs: (untilNs - fromNs) / 1e6 - cpuMs, waits, dueNs });
    return untilNs;
  };

  const http = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const number = (name: string, usual: number): number => Math.min(LONGEST_MS, Math.max(0, Number(url.searchParams.get(name) ?? usual) || 0));
    const cpuMs = number('cpu', USUAL_MS[url.pathname] ?? 0);
    const ioMs = number('io', 0);
    const index = number('n', 0);
    const answer = (): void => void response.end(`${url.pathname} computed for ${cpuMs} ms\n`);
    if (ioMs === 0) return void turn(index, null, false, cpuMs, answer);
    const dueNs = turn(index, null, true, cpuMs, () => undefined) + ioMs * 1e6;
    await sleep(ioMs);
    turn(index, dueNs, false, 0, answer);
  });
  lab.handle('turns', () => turns);
  lab.handle('cpu-ms', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  });
  lab.handle('forget', () => void (turns = []));
  http.listen({ host: '127.0.0.1', port: lab.port });
});

function nowNs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e9 + nanoseconds;
}
