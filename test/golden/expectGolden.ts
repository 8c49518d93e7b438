import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { events, type Trace } from '../../src/shared/trace.ts';

/**
 * Holds a trace against test/golden/`name`.txt, one row a line. A golden that is missing fails; `UPDATE_GOLDEN=1` writes them anew,
 * for a person to read the difference.
 */
export function expectGoldenTrace(name: string, trace: Trace): void {
  const path = fileURLToPath(new URL(`./${name}.txt`, import.meta.url));
  const text = printedTrace(trace);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, text);
  expect(existsSync(path), `test/golden/${name}.txt is missing`).toBe(true);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

function printedTrace(trace: Trace): string {
  const rows = [...events(trace)].map(({ timeNs, kind, entity, value, detail }) =>
    [timeNs, entity, kind, value, ...(detail ? [JSON.stringify(detail)] : [])].join(' '),
  );
  return `${trace.model} ${trace.source} ${trace.durationNs}${trace.truncated ? ' truncated' : ''}\n${rows.join('\n')}\n`;
}
