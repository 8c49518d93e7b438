import type { Readable } from 'node:stream';

/** A line longer than this is not one of ours. */
const LONGEST = 16 * 1024 * 1024;

/** Reads JSON, one value a line. Lines that are none (a program can write to its pipe what it likes) are skipped. */
export function readLines(stream: Readable, onValue: (value: object) => void): void {
  // In the pieces that came: to join them each time would cost the square of a long line's length.
  let rest: string[] = [];
  let length = 0;
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const end = text.lastIndexOf('\n');
    const lines = end < 0 ? [] : [...rest, text.slice(0, end)].join('').split('\n');
    if (end >= 0 || length > LONGEST) {
      rest = [];
      length = 0;
    }
    rest.push(text.slice(end + 1));
    length += text.length - end - 1;
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
