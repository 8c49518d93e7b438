import { describe, expect, it } from 'vitest';
import { busyLoop, calibrateBusyLoop } from '../../../src/kit/busyLoop.ts';

describe('the busy loop', () => {
  it('takes as much CPU time as it was calibrated to', () => {
    const perMs = calibrateBusyLoop();
    const times = Array.from({ length: 9 }, () => {
      const before = process.cpuUsage();
      busyLoop(20 * perMs);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    // Other threads of this process count too, in both, so that only the order of magnitude is sure.
    expect(Math.min(...times)).toBeGreaterThan(4);
    expect(Math.min(...times)).toBeLessThan(40);
  });

  it('does different work for different counts, so that none of it is left out', () => {
    expect(new Set([0, 1, 2, 1000, 1001].map(busyLoop)).size).toBe(5);
  });
});
