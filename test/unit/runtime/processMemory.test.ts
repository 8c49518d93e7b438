import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readProcessMemory } from '../../../src/runtime/processMemory.ts';

describe.runIf(process.platform === 'linux')('the memory of a process', () => {
  it('is shared or its own, clean or dirty, and each page is one of these', () => {
    const memory = readProcessMemory(process.pid);
    if (!memory) throw new Error('This process has no smaps_rollup.');
    const { rss, pss, sharedClean, sharedDirty, privateClean, privateDirty } = memory;
    expect(sharedClean + sharedDirty + privateClean + privateDirty).toBe(rss);
    expect(pss).toBeLessThanOrEqual(rss);
    expect(pss).toBeGreaterThanOrEqual(privateClean + privateDirty);
  });

  it('grows by what is touched, as dirty pages of its own', () => {
    const before = readProcessMemory(process.pid)?.privateDirty ?? NaN;
    const touched = Buffer.alloc(32 * 1024 * 1024, 1);
    expect((readProcessMemory(process.pid)?.privateDirty ?? NaN) - before).toBeGreaterThan(0.6 * touched.length);
  });

  it('is null once the process is gone', async () => {
    const child = spawn(process.execPath, ['-e', '0']);
    await new Promise((resolve) => child.once('exit', resolve));
    expect(readProcessMemory(child.pid ?? 0)).toBeNull();
  });
});
