import { parseArgs } from 'node:util';
import { recordingNames, judge, REFERENCE, tableLine, totals } from './recordings.ts';
import { judgeCase, readSegmentCases } from './segmentCases.ts';

const USAGE = 'npm run conformance [-- --recordings DIR | --segments FILE]';

/** Prints how far the simulator agrees with recordings of the kernel, or with scripted cases; exit 1 unless all of grade A hold. */
function main(): number {
  const { values } = parseArgs({ options: { recordings: { type: 'string' }, segments: { type: 'string' } } });
  if (values.segments !== undefined) return segments(values.segments);
  const directory = values.recordings ?? REFERENCE;
  const rows = recordingNames(directory).map((name) => judge(directory, name));
  for (const row of rows) console.log(tableLine(row));
  console.log(totals(rows));
  return rows.every((row) => !row.wanted.includes('A') || row.held.includes('A')) ? 0 : 1;
}

function segments(file: string): number {
  const results = readSegmentCases(file).map((item) => ({ id: item.id, difference: judgeCase(item) }));
  for (const { id, difference } of results) console.log(`${id.padEnd(24)} ${difference === undefined ? 'holds' : difference}`);
  const held = results.filter((result) => result.difference === undefined).length;
  console.log(`${held} of ${results.length}`);
  return held === results.length ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 2;
}
