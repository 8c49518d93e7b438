import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';

const PATIENCE_MS = 2000;
/** A backlog changes only with another listen() call: it is asked for again this often, and when there is a new socket. */
const FRESH_MS = 5000;

/**
 * The backlogs of listening sockets by inode. /proc/net/tcp does not tell them; `ss` of iproute2 does, to any user, for its own network
 * namespace. None where there is no `ss`.
 */
export class Backlogs {
  private known: ReadonlyMap<number, number> = new Map();
  private readAtMs = -Infinity;

  async of(inodes: readonly number[], nowMs: number): Promise<ReadonlyMap<number, number>> {
    const fresh = nowMs - this.readAtMs < FRESH_MS && (inodes.every((inode) => this.known.has(inode)) || nowMs - this.readAtMs < 1000);
    if (fresh || inodes.length === 0) return this.known;
    this.readAtMs = nowMs;
    const env = { ...process.env, PATH: ['/usr/bin', '/bin', '/usr/sbin', '/sbin'].join(delimiter) };
    const { stdout } = await promisify(execFile)('ss', ['-ltneH'], { env, timeout: PATIENCE_MS }).catch(() => ({ stdout: '' }));
    return (this.known = backlogsIn(stdout));
  }
}

/** The same in the output of `ss -ltneH`: its column Send-Q of a listener is the backlog. */
export function backlogsIn(text: string): ReadonlyMap<number, number> {
  const rows = text.split('\n').flatMap((line) => {
    const found = /^LISTEN\s+\d+\s+(\d+)\s.*\bino:(\d+)\b/.exec(line);
    return found ? [[Number(found[2]), Number(found[1])] as const] : [];
  });
  return new Map(rows);
}
