import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coreClock, endOf, type OnCore } from '../../../labs/01-kernel-process-thread/coreTime.ts';

const on = (...spans: (readonly [number, number])[]): OnCore[] => spans.map(([fromNs, toNs]) => ({ fromNs, toNs }));

describe('the clock of the cores that a run had', () => {
  it('goes as any clock while the cores are ours', () => {
    const clock = coreClock([on([0, 10], [20, 30]), on([10, 20], [30, 50])], 1);
    expect([0, 5, 10, 35, 50].map(clock)).toEqual([0, 5, 10, 35, 50]);
  });

  it('stands still while others have the only core', () => {
    const clock = coreClock([on([0, 10], [110, 120]), on([10, 20], [150, 160])], 1);
    expect([20, 60, 110, 120, 150, 160].map(clock)).toEqual([20, 20, 20, 30, 30, 40]);
  });

  it('goes at half speed while others have one of two cores', () => {
    const clock = coreClock([on([0, 40]), on([0, 10], [30, 40])], 2);
    expect([10, 30, 40].map(clock)).toEqual([10, 20, 30]);
  });

  it('does not blame others for a core that nobody of ours wants', () => {
    expect(coreClock([on([0, 40]), on([0, 10])], 2)(40)).toBe(40);
  });

  it('comes to just the work of all threads on one core, however often it was taken', () => {
    const work = fc.array(fc.record({ away: fc.integer({ min: 0, max: 50 }), lasts: fc.integer({ min: 1, max: 20 }), who: fc.integer({ min: 0, max: 3 }) }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(work, (pieces) => {
        const threads: OnCore[][] = [];
        let atNs = 0;
        for (const { away, lasts, who } of pieces) {
          (threads[who] ??= []).push({ fromNs: atNs + away, toNs: atNs + away + lasts });
          atNs += away + lasts;
        }
        const ran = threads.filter(Boolean);
        expect(coreClock(ran, 1)(Math.max(...ran.map(endOf)))).toBeCloseTo(pieces.reduce((sum, { lasts }) => sum + lasts, 0));
      }),
    );
  });
});
