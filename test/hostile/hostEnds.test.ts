import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildDriver, startDriver } from './driverProcess.ts';
import { processesWith } from './processesWith.ts';
import { testUsers } from './users.ts';

/** A program whose main thread spins has used this much processor time. */
const SPINNING_TICKS = 60;
const WAIT_MS = 15_000;

beforeAll(buildDriver);

async function until(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + WAIT_MS;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${WAIT_MS} ms`);
    await sleep(20);
  }
}

describe.each(testUsers())('as $name', (user) => {
  it.each(['host', 'host and leader'])('nothing is left when the %s is killed while the learner’s main thread spins', async (victims) => {
    let token = '';
    let folder = '';
    const driver = startDriver(user, { programs: ['loops-at-load'], atOnce: 1 }, (value) => {
      if ('began' in (value as object)) token = (value as { began: string }).began;
      if ('folder' in (value as object)) folder = (value as { folder: string }).folder;
    });
    await until(() => token !== '' && processesWith(token).some(({ commandLine, cpuTicks }) => commandLine.includes('"plain"') && cpuTicks > SPINNING_TICKS), 'the program spins');
    const leader = processesWith(token).find(({ commandLine }) => commandLine.includes('runner.cjs') && !commandLine.includes('"plain"'))!;
    expect(readdirSync(folder)).toHaveLength(1);
    driver.kill('SIGKILL');
    if (victims !== 'host') process.kill(leader.pid, 'SIGKILL');

    await until(() => processesWith(token).length === 0, 'all processes are gone');
    await until(() => existsSync(folder) && readdirSync(folder).length === 0, 'the run’s folder is gone');
  });
});
