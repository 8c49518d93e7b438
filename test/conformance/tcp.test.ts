import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTcpScenario } from '../../src/shared/scenario/tcp.ts';
import type { Recording } from '../../src/sim/tcp/recording.ts';
import { simulateTcp } from '../../src/sim/tcp/simulate.ts';
import { compareRuns, gradesHeld } from './compare.ts';
import { COMPARE_PY, judge, OWN, readRecording, recordingNames, REFERENCE, SEGMENT_CASES } from './recordings.ts';
import { judgeCase, readSegmentCases } from './segmentCases.ts';

type Achieved = Readonly<Record<string, string>>;
const achieved = JSON.parse(readFileSync(new URL('achieved.json', import.meta.url), 'utf8')) as { reference: Achieved; own: Achieved };

describe.each([
  ['reference', REFERENCE, achieved.reference],
  ['own', OWN, achieved.own],
] as const)('the %s recordings', (_, directory, expected) => {
  it('are those whose grades are kept', () => {
    expect(recordingNames(directory)).toEqual(Object.keys(expected).sort());
  });

  it.each(recordingNames(directory))('%s reaches the grades it reached', (name) => {
    const row = judge(directory, name);
    const held = row.wanted.filter((grade) => row.held.includes(grade)).join('');
    const first = row.wanted.flatMap((grade) => row.differences[grade])[0];
    expect(held, first).toBe(expected[name]);
  });
});

it('predicts every given recording to grade A', () => {
  expect(recordingNames(REFERENCE)).toHaveLength(76);
  for (const name of recordingNames(REFERENCE)) expect(achieved.reference[name], name).toMatch(/^A/);
});

it.each(readSegmentCases(SEGMENT_CASES).map((item) => [item.id, item] as const))('holds in case %s', (_, item) => {
  expect(judgeCase(item)).toBeUndefined();
});

const python = spawnSync('python3', ['--version']);
describe.skipIf(python.status !== 0)('the port of the comparison (skipped: python3 is missing)', () => {
  it('finds the same grades as compare.py on every pair, good and spoilt', () => {
    const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
    try {
      const pairs = recordingNames(REFERENCE).flatMap((name) => spoilt(predictionOf(name)).map((prediction, i) => ({ name, i, prediction })));
      writeFileSync(join(folder, 'pairs.json'), JSON.stringify(pairs.map(({ name, prediction }) => [prediction, join(REFERENCE, `${name}.json`)])));
      const code = `import sys, json; sys.path.insert(0, ${JSON.stringify(join(COMPARE_PY, '..'))}); import compare
print(json.dumps(["".join(g for g, h in zip("ABC", compare.grades(compare.Comparison(p, compare.load(r)).run())) if h) for p, r in json.load(open(sys.argv[1]))]))`;
      const run = spawnSync('python3', ['-c', code, join(folder, 'pairs.json')], { encoding: 'utf8', maxBuffer: 1 << 26 });
      const theirs = JSON.parse(run.stdout) as string[];
      const mine = pairs.map(({ name, prediction }) => gradesHeld(compareRuns(prediction, readRecording(REFERENCE, name))).join(''));
      expect(mine).toEqual(theirs);
      expect(new Set(mine)).toEqual(new Set(['', 'A', 'AB', 'ABC']));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});

function predictionOf(name: string): Recording {
  return simulateTcp(parseTcpScenario(readRecording(REFERENCE, name).scenario), { trace: false }).recording;
}

/** A prediction, and the same with one thing wrong of each grade. */
function spoilt(good: Recording): Recording[] {
  const late = { ...good, segments: good.segments.map((s, i) => (i === good.segments.length - 1 ? { ...s, t_ms: s.t_ms + 400 } : s)) };
  const lessAcks = { ...good, segments: good.segments.filter((s, i) => i < 3 || s.flags !== '.' || s.len > 0) };
  const wide = { ...good, segments: good.segments.map((s) => ({ ...s, win: s.win + 20_000 })) };
  const unsampled = { ...good, samples: good.samples.slice(1) };
  return [good, late, lessAcks, wide, unsampled];
}
