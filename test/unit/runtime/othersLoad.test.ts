import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { describe, expect, it } from 'vitest';
import { OthersLoad } from '../../../src/runtime/othersLoad.ts';
import { listPids, readProcess } from '../../../src/runtime/processTable.ts';

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

  it('is not what an orphan of the group had used before, for whom another waits', async () => {
    // The middle process ends at once; its child computes, says so, and ends when it is told to. Who waits for it is init.
    const orphan = `${BUSY} process.stdout.write('done'); process.stdin.once('data', () => process.exit());`;
    const middle = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(orphan)}], { stdio: 'inherit' }).unref();`;
    const leader = spawn(process.execPath, ['-e', middle], { detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
    await new Promise((resolve) => leader.stdout.once('data', resolve));
    const [others, all] = [new OthersLoad(leader.pid ?? 0), new OthersLoad(-1)];
    const began = performance.now();
    const gone = new Promise((resolve) => leader.stdout.once('close', resolve));
    leader.stdin.end('end');
    await gone;
    // Some inits are slow to wait for it, and some never do.
    for (let waited = 0; waited < 5000 && listPids().some((pid) => readProcess(pid)?.groupId === leader.pid); waited += 50) await new Promise((resolve) => setTimeout(resolve, 50));
    const [othersCores, allCores] = [others.cores() ?? NaN, all.cores() ?? NaN];
    expect((othersCores - allCores) * (performance.now() - began)).toBeLessThan(100);
  });

  it('counts from when it was last asked', async () => {
    const watch = new OthersLoad(-1);
    for (const until = performance.now() + 150; performance.now() < until; );
    expect(watch.cores()).toBeGreaterThan(0);
    expect(watch.cores()).not.toBeNull();
  });
});
