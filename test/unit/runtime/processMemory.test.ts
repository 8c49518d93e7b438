import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

  it('grows by what is touched, as dirty pages of its own', async () => {
    // In a process that does nothing else: this one has another test's thread.
    const touching = "process.stdin.once('data', () => { globalThis.touched = Buffer.alloc(2 ** 25, 1); console.log('touched'); }); console.log('up');";
    const child = spawn(process.execPath, ['-e', touching], { stdio: ['pipe', 'pipe', 'inherit'] });
    const dirty = (): number => readProcessMemory(child.pid ?? 0)?.privateDirty ?? NaN;
    await once(child.stdout, 'data');
    const before = dirty();
    child.stdin.write('now');
    await once(child.stdout, 'data');
    expect(dirty() - before).toBeGreaterThan(0.9 * 2 ** 25);
    child.kill();
  });

  it('is null once the process is gone', async () => {
    const child = spawn(process.execPath, ['-e', '0']);
    await new Promise((resolve) => child.once('exit', resolve));
    expect(readProcessMemory(child.pid ?? 0)).toBeNull();
  });
});
