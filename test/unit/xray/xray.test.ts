import { describe, expect, it } from 'vitest';
import { Xray } from '../../../src/labs/xray.ts';
import { formatBytes } from '../../../src/shared/xray/units.ts';
import type { XraySample } from '../../../src/shared/xray/sample.ts';
import { listener, planted, sampleOf } from './planted.ts';

/** An X-ray of samples that are given one after the other; null is an end. */
function xrayOf(samples: readonly (XraySample | null)[], asked = '10') {
  let next = 0;
  let nowMs = 0;
  const sampler = {
    sample: async () => {
      const sample = samples[next++] ?? null;
      nowMs = sample ? sample.takenAtMs + sample.tookMs : nowMs;
      return sample;
    },
  };
  return { xray: new Xray(asked, sampler, () => nowMs), wait: (ms: number) => (nowMs += ms), taken: () => next };
}

const at = (takenAtMs: number, cpuMs: number, more: Partial<XraySample> = {}): XraySample => sampleOf([planted(10, { holds: [1], waitsAt: [1], cpuMs })], [listener(1, 8080, { acceptQueue: 3 }), listener(2, 8081, { acceptQueue: 4 })], { takenAtMs, ...more });

describe('the last minute', () => {
  it('has a point a sample, with the processor time since the one before', async () => {
    const { xray } = xrayOf([at(0, 100), at(500, 350)]);
    await xray.take();
    const { history } = await xray.take();
    expect(history).toEqual([
      { takenAtMs: 0, acceptQueue: 7, connections: 0, cpuShare: null, memoryBytes: 1024 * 1024 },
      { takenAtMs: 500, acceptQueue: 7, connections: 0, cpuShare: 0.5, memoryBytes: 1024 * 1024 },
    ]);
  });

  it('gives no processor time over a gap, and forgets what is older', async () => {
    const { xray } = xrayOf([at(0, 0), at(59_000, 100), at(61_000, 300)]);
    await xray.take();
    expect((await xray.take()).history[1]?.cpuShare).toBeNull();
    expect((await xray.take()).history.map(({ takenAtMs, cpuShare }) => [takenAtMs, cpuShare])).toEqual([
      [59_000, null],
      [61_000, 0.1],
    ]);
  });

  it('counts connections that are open, and no others', async () => {
    const state = (name: 'ESTABLISHED' | 'TIME_WAIT', count: number) => ({ state: name, count, sendQueueBytes: 0, receiveQueueBytes: 0 });
    const { xray } = xrayOf([at(0, 0, { served: [state('ESTABLISHED', 3), state('TIME_WAIT', 9)] })]);
    expect((await xray.take()).history[0]?.connections).toBe(3);
  });
});

describe('an X-ray', () => {
  it('looks again as often as looking costs: at least every second, at most every 200 ms', async () => {
    const { xray } = xrayOf([at(0, 0, { tookMs: 2 }), at(1, 0, { tookMs: 30 }), at(2, 0, { tookMs: 400 })]);
    expect((await xray.take()).intervalMs).toBe(200);
    expect((await xray.take()).intervalMs).toBe(600);
    expect((await xray.take()).intervalMs).toBe(1000);
  });

  it('says how old its sample is', async () => {
    const { xray, wait } = xrayOf([at(0, 0)]);
    await xray.take();
    wait(300);
    expect(xray.snapshot.ageMs).toBe(300);
  });

  it('takes nothing while it is paused, nor after the end; the last sample stays', async () => {
    const { xray, taken } = xrayOf([at(0, 0), at(500, 0), null]);
    await xray.take();
    xray.pause();
    expect((await xray.take()).state).toBe('paused');
    expect(taken()).toBe(1);
    xray.resume();
    expect((await xray.take()).sample?.takenAtMs).toBe(500);
    expect(await xray.take()).toMatchObject({ state: 'ended', sample: { takenAtMs: 500 } });
    await xray.take();
    expect(taken()).toBe(3);
    xray.resume();
    expect(xray.snapshot.state).toBe('ended');
  });

  it('stays paused when the pause came while a sample was taken', async () => {
    const { xray } = xrayOf([at(0, 0), at(500, 0)]);
    await xray.take();
    const taking = xray.take();
    xray.pause();
    expect((await taking).state).toBe('paused');
  });

  it('tells which processes came and went, also one that got the pid of another', async () => {
    const with11 = (startTicks: number, takenAtMs: number): XraySample => sampleOf([planted(10), planted(11, { startTicks, title: `child ${startTicks}` })], [], { takenAtMs });
    const { xray } = xrayOf([at(0, 0), with11(7, 200), with11(8, 400)]);
    await xray.take();
    expect((await xray.take()).changes).toEqual([{ atMs: 200, pid: 11, title: 'child 7', change: 'started' }]);
    expect((await xray.take()).changes.slice(0, 2)).toEqual([
      { atMs: 400, pid: 11, title: 'child 8', change: 'started' },
      { atMs: 400, pid: 11, title: 'child 7', change: 'ended' },
    ]);
  });

  it('tells the pattern of the port that was asked for first', async () => {
    const { xray } = xrayOf([at(0, 0)], ':8080');
    expect((await xray.take()).recognition?.evidence[0]).toContain(':8080');
  });
});

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [12.34 * 1024 ** 2, '12.3 MiB'],
  [5 * 1024 ** 3, '5 GiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
