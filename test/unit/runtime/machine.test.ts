import { describe, expect, it } from 'vitest';
import { fromFileTimes } from '../../../src/runtime/jiffy.ts';
import { readMachine } from '../../../src/runtime/machine.ts';

describe('this machine', () => {
  it('is read with its kernel’s settings, and without its secrets', async () => {
    const machine = await readMachine();
    expect(machine.platform).toBe(process.platform);
    expect(machine.cores).toBeGreaterThan(0);
    expect([1, 10 / 3, 4, 10]).toContain(machine.jiffyMs);
    expect(Object.keys(machine.kernel)).not.toContain('tcp_fastopen_key');
    if (process.platform !== 'linux') return;
    expect(machine.kernel.somaxconn).toBeGreaterThan(0);
    expect(machine.kernel.tcp_rmem).toMatch(/^\d+ \d+ \d+$/);
  });

  it('tells its jiffy by the times of files, as its build configuration does', async () => {
    const measured = await fromFileTimes();
    if (measured !== null) expect(measured).toBe((await readMachine()).jiffyMs);
  });
});
