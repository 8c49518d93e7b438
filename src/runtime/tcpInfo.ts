import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';

/** What the kernel counts of one end of a connection (tcp_info: tcpi_data_segs_out, tcpi_data_segs_in). */
export interface SegmentCounts {
  /** Segments with payload that it sent. */
  readonly sent: number;
  /** Segments with payload that it received. */
  readonly received: number;
}

const PATIENCE_MS = 2000;

/**
 * Counts of the connection whose local port this is, as `ss` of iproute2 shows them; any user may ask. Null where there is no `ss` or no
 * such connection.
 */
export async function readSegmentCounts(localPort: number): Promise<SegmentCounts | null> {
  const env = { ...process.env, PATH: [process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter) };
  try {
    const { stdout } = await promisify(execFile)('ss', ['-tinH', 'sport', '=', `:${localPort}`], { env, timeout: PATIENCE_MS });
    return segmentCountsIn(stdout);
  } catch {
    return null;
  }
}

/** The same in the output of `ss -ti` for one connection, which leaves out what is 0. */
export function segmentCountsIn(text: string): SegmentCounts | null {
  if (!/\bsegs_(in|out):/.test(text)) return null;
  const count = (name: string): number => Number(new RegExp(`\\b${name}:(\\d+)`).exec(text)?.[1] ?? 0);
  return { sent: count('data_segs_out'), received: count('data_segs_in') };
}
