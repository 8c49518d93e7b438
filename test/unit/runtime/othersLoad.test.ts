import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { describe, expect, it } from 'vitest';
import { OthersLoad } from '../../../src/runtime/othersLoad.ts';

/** A process whose child uses 400 ms of CPU time, ends, and is waited for; then it says so and stays. */
const BUSY = 'while (process.cpuUsage().user < 400000);';
const PROGRAM = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(BUSY)}]); process.stdout.write('done'); setTimeout(() => {}, 5000);`;

describe.runIf(process.platform === 'linux')('what others use of the processors', () => {
  it('is what all use less what the group uses, also in processes that ended', async () => {
    const child = spawn(process.execPath, ['-e', PROGRAM], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    const [others, all] = [new OthersLoad(child.pid ?? 0), new OthersLoad(-1)];
    const began = performance.now();
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    const [othersCores, allCores] = [others.cores() ?? NaN, all.cores() ?? NaN];
    const elapsedMs = performance.now() - began;
    child.kill('SIGKILL');
    expect((allCores - othersCores) * elapsedMs).toBeGreaterThan(300);
    expect(othersCores).toBeGreaterThanOrEqual(0);
    expect(allCores).toBeLessThan(cpus().length + 0.5);
  });

  it('counts from when it was last asked', async () => {
    const watch = new OthersLoad(-1);
    for (const until = performance.now() + 150; performance.now() < until; );
    expect(watch.cores()).toBeGreaterThan(0);
    expect(watch.cores()).not.toBeNull();
  });
});
