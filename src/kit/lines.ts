import type { Readable } from 'node:stream';

/** A line longer than this is not one of ours. */
const LONGEST = 16 * 1024 * 1024;

/** Reads JSON, one value a line. Lines that are none (a program can write to its pipe what it likes) are skipped. */
export function readLines(stream: Readable, onValue: (value: unknown) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST) rest = '';
    for (const line of lines) {
      const value = parsed(line);
      if (typeof value === 'object' && value !== null) onValue(value);
    }
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
