import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Graded } from './driver.ts';
import { buildDriver, root, startDriver } from './driverProcess.ts';
import { testUsers } from './users.ts';

/** Nothing but a loopback, which is up: whoever leaves it meets nobody. */
const SET_UP = 'PATH="$PATH:/usr/sbin:/sbin"; ip link set lo up && exec "$@"';

/** The command that gives a process a network namespace of its own, or null where this system gives none. */
function alone(prefix: readonly string[]): readonly string[] | null {
  const ways = [[...prefix, 'unshare', '--user', '--net', '--map-current-user', '--keep-caps'], ...(process.getuid?.() === 0 && prefix.length === 0 ? [['unshare', '--net']] : [])];
  const enter = ways.map((way) => [...way, 'sh', '-c', SET_UP, 'sh']);
  return enter.find(([command = '', ...args]) => spawnSync(command, [...args, 'true']).status === 0) ?? null;
}

beforeAll(buildDriver);

describe.each(testUsers())('as $name, in a network namespace of the test’s own', ({ name, prefix }) => {
  const enter = alone(prefix);
  it.skipIf(enter === null)('a program that leaves loopback is graded as any other and meets nobody', async () => {
    let graded: Graded | undefined;
    const onLine = (value: unknown): void => {
      if ('program' in (value as object)) graded = value as Graded;
    };
    const program = join(root, 'test/fixtures/hostile-offline/leaves-loopback.ts');
    const driver = startDriver({ name, prefix: enter as readonly string[] }, { programs: [program], atOnce: 1 }, onLine);
    await new Promise((resolve) => driver.once('close', resolve));
    expect(graded?.report.output).toMatch(/left loopback: (ENETUNREACH|EHOSTUNREACH|EACCES|ECONNREFUSED)/);
    expect(graded?.report.verdict).toBe('passed');
    expect(graded?.processes).toEqual([]);
  });
});
