import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Graded } from './driver.ts';
import { buildDriver, confines, root, startDriver } from './driverProcess.ts';
import { LoopWatch } from './loopWatch.ts';
import { testUsers } from './users.ts';
import { VERDICTS } from './verdicts.ts';

/** The fixture exercise's time limit, and the second that the end of whatever it started may take. */
const LIMIT_MS = 8000 + 1000;
const AT_ONCE = 2;
const ALL_MS = 400_000;
/** The longest that the host's loop may be held up. */
const LOOP_MS = 50;
const SECRET = 'sk-not-for-learners';

beforeAll(buildDriver);
const confined = confines();

it('expects something of every hostile program', () => {
  const programs = readdirSync(join(root, 'test/fixtures/hostile')).map((file) => file.replace(/\.ts$/, ''));
  expect(VERDICTS.map(({ program }) => program).toSorted()).toEqual(programs.toSorted());
});

it('sees a loop that is kept from turning', async () => {
  const loop = new LoopWatch();
  loop.start();
  await sleep(20);
  const before = process.cpuUsage();
  while (process.cpuUsage(before).user < 1.5 * LOOP_MS * 1000);
  await sleep(20);
  loop.stop();
  expect(loop.longestMs).toBeGreaterThan(LOOP_MS);
});

describe.each(testUsers())('as $name', (user) => {
  const graded = new Map<string, Graded>();

  beforeAll(async () => {
    const onLine = (value: unknown): void => {
      if ('program' in (value as object)) graded.set((value as Graded).program, value as Graded);
    };
    const driver = startDriver(user, { programs: VERDICTS.map(({ program }) => program), atOnce: AT_ONCE }, onLine, { API_TOKEN: SECRET, NODE_OPTIONS: '--max-http-header-size=20000' });
    await new Promise((resolve) => driver.once('close', resolve));
  }, ALL_MS);

  it.each(VERDICTS)('$program: $verdict $kind', (expected) => {
    const { program, verdict, kind, message, line } = (confined && expected.confined) || expected;
    const { report } = graded.get(program)!;
    const failure = report.checks.find((check) => check.failure)?.failure;
    expect({ verdict: report.verdict, kind: failure?.kind }, JSON.stringify(failure)).toEqual({ verdict, kind });
    if (message) expect(failure?.message).toMatch(message);
    if (line !== undefined) expect(failure?.location?.line).toBe(line - 1);
  });

  it.each(VERDICTS)('$program leaves nothing and ends in time', ({ program }) => {
    const { processes, wallMs } = graded.get(program)!;
    expect(processes).toEqual([]);
    expect(wallMs).toBeLessThan(LIMIT_MS);
  });

  it('never holds the host’s loop up', () => {
    const all = [...graded.values()].map(({ program, heldUpMs }) => ({ program, heldUpMs }));
    expect(all.filter(({ heldUpMs }) => heldUpMs > LOOP_MS)).toEqual([]);
    // A loop that turns at all is late by something.
    expect(all.every(({ heldUpMs }) => heldUpMs > 0)).toBe(true);
  });

  it('leaves no folder once all are graded', () => {
    expect([...graded.values()].at(-1)?.files).toEqual([]);
  });

  it('hands no secret on', () => {
    const { output } = graded.get('snoops')!.report;
    expect(output).toContain('PORT');
    expect(output).not.toContain(SECRET);
    expect(output).not.toContain('NODE_OPTIONS');
    expect(output).not.toContain(`"HOME":"${homedir()}"`);
    expect(output).toMatch(/"HOME":"[^"]*backend-labs-run-/);
  });
});
