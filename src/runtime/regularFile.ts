import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/**
 * The text of a file that a learner's program may have put something else in the place of: never waits (as for a pipe that nobody
 * writes to), follows no link, and reads at most the last `limitBytes`. Null where there is no regular file that can be read.
 */
export function readRegularFile(path: string, limitBytes: number): string | null {
  let file: number | undefined;
  try {
    file = openSync(path, FLAGS);
    const stat = fstatSync(file);
    if (!stat.isFile()) return null;
    const bytes = Buffer.alloc(Math.min(stat.size, limitBytes));
    const length = readSync(file, bytes, 0, bytes.length, stat.size - bytes.length);
    return bytes.toString('latin1', 0, length);
  } catch {
    return null;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
