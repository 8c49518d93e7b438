import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CoreWaits } from '../../../src/runtime/coreWaits.ts';

const spin = (): ReturnType<typeof spawn> => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });

describe.skipIf(process.platform !== 'linux')('the time without a core', () => {
  it('grows for a program that shares the cores with as many others, also for one that it started', async () => {
    const others = Array.from({ length: availableParallelism() }, spin);
    const parent = spawn(process.execPath, ['-e', "require('node:child_process').spawn(process.execPath, ['-e', 'for (;;);']); setInterval(() => {}, 1000)"], { stdio: 'ignore', detached: true });
    try {
      const waits = new CoreWaits([parent.pid as number]);
      await expect.poll(() => waits.waitedMs(), { timeout: 15_000 }).toBeGreaterThan(200);
    } finally {
      for (const { pid } of others) process.kill(pid as number, 'SIGKILL');
      process.kill(-(parent.pid as number), 'SIGKILL');
    }
  });

  it('does not grow for a program that sleeps, nor for what was before', async () => {
    const idle = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { stdio: 'ignore' });
    try {
      await sleep(500);
      const began = performance.now();
      const waits = new CoreWaits([idle.pid as number]);
      await sleep(200);
      expect(waits.waitedMs()).toBeLessThan((performance.now() - began) / 2);
    } finally {
      idle.kill('SIGKILL');
    }
  });

  it('is not known of a program that is gone', () => {
    expect(new CoreWaits([2 ** 30]).waitedMs()).toBeNull();
  });
});
