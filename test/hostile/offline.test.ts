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

/** They listen, and go on in some way when they are told to end; the last hands its listening socket to a process of its own. */
const HOLDERS = ['right', 'ignores-sigterm', 'detached-grandchild', 'wrong-port', 'stops-itself', 'hands-its-port-on'];

beforeAll(buildDriver);

/** What each of these programs came to, in the namespace. */
async function gradedAlone(enter: readonly string[], programs: readonly string[]): Promise<Graded[]> {
  const graded: Graded[] = [];
  const onLine = (value: unknown): void => {
    if ('program' in (value as object)) graded.push(value as Graded);
  };
  const driver = startDriver({ name: 'alone', prefix: enter }, { programs, atOnce: 1, watchPorts: true }, onLine);
  await new Promise((resolve) => driver.once('close', resolve));
  return graded;
}

describe.each(testUsers())('as $name, in a network namespace of the test’s own', ({ prefix }) => {
  const enter = alone(prefix);
  it.skipIf(enter === null)('a program that leaves loopback is graded as any other and meets nobody', async () => {
    const [graded] = await gradedAlone(enter ?? [], [join(root, 'test/fixtures/hostile-offline/leaves-loopback.ts')]);
    expect(graded?.report.output).toMatch(/left loopback: (ENETUNREACH|EHOSTUNREACH|EACCES|ECONNREFUSED)/);
    expect(graded?.report.verdict).toBe('passed');
    expect(graded?.processes).toEqual([]);
  });

  // Elsewhere nobody could tell what listens from what other programs of the machine listen on.
  it.skipIf(enter === null)('no port is left, whoever holds it', async () => {
    const graded = await gradedAlone(enter ?? [], HOLDERS);
    expect(graded.map(({ program, listening }) => ({ program, listening }))).toEqual(HOLDERS.map((program) => ({ program, listening: [] })));
    expect(graded.at(-1)?.mostListening).toBeGreaterThan(0);
  });
});
