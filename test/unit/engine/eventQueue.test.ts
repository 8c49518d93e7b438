import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../../src/sim/engine/eventQueue.ts';
import { NO_SLOT } from '../../../src/sim/engine/eventPool.ts';
import { RandomStream } from '../../../src/sim/engine/random.ts';

const nothing = (): void => undefined;

/** Takes all events; gives their args in order. */
function takeAll(queue: EventQueue): unknown[] {
  const args: unknown[] = [];
  for (let slot = queue.first(); slot !== NO_SLOT; slot = queue.first()) {
    args.push(queue.arg(slot));
    queue.removeFirst(slot);
  }
  return args;
}

/** The times, as `[time, sequence]`, in the order that is asked for: by time, then as given. */
function inOrder(times: readonly number[]): unknown[] {
  return times.map((time, sequence) => [time, sequence] as const).sort(([a], [b]) => a - b);
}

function insertAll(queue: EventQueue, times: readonly number[]): number[] {
  return times.map((time, sequence) => queue.insert(time, nothing, [time, sequence]));
}

describe('EventQueue', () => {
  const random = new RandomStream(7, 'times');
  const shapes: Readonly<Record<string, () => number>> = {
    'exponential times': () => random.exponential(1),
    'integer nanoseconds with many ties': () => random.integer(0, 999) * 1e6,
    'one time only': () => 42,
    'two neighbouring doubles': () => (random.chance(0.5) ? 1 : 1 + Number.EPSILON),
    'times that differ by hundreds of orders of magnitude': () => 2 ** random.integer(-1000, 990),
    'zero and the smallest double': () => (random.chance(0.5) ? 0 : Number.MIN_VALUE),
    'a dense cluster far from the rest': () => (random.chance(0.001) ? random.unit() : 1e9 + random.unit() * 1e-3),
    'two integers at 2^52': () => 2 ** 52 + random.integer(0, 1),
    'times near 2^53': () => 2 ** 53 - random.integer(0, 50_000),
  };
  for (const [shape, draw] of Object.entries(shapes)) {
    it(`orders 10 000 events with ${shape}, each of which adds another for its own time`, () => {
      const queue = new EventQueue();
      const times = Array.from({ length: 10_000 }, draw);
      for (const [i, time] of times.entries()) queue.insert(time, nothing, i);
      const taken: number[] = [];
      for (let slot = queue.first(); slot !== NO_SLOT; slot = queue.first()) {
        const i = queue.arg(slot) as number;
        taken.push(i);
        const time = queue.firstTime();
        queue.removeFirst(slot);
        if (i < times.length) queue.insert(time, nothing, i + times.length);
      }
      const twice = [...times, ...times].map((time, i) => ({ time, i }));
      expect(taken).toEqual(twice.sort((a, b) => a.time - b.time).map(({ i }) => i));
    });
  }

  it('keeps events of one time in order when others are cancelled in thousands', () => {
    const queue = new EventQueue();
    const times = Array.from({ length: 20_000 }, () => random.integer(0, 40));
    const handles = insertAll(queue, times);
    queue.removeFirst(queue.first());
    const kept = inOrder(times).slice(1).filter((event) => (event as number[])[1] as number % 7 === 0);
    let live = handles.length - 1;
    handles.forEach((handle, i) => i % 7 !== 0 && queue.cancel(handle, live - 1) && live--);
    expect(takeAll(queue)).toEqual(kept);
  });

  it('takes events from before what it has sorted, far and near', () => {
    const queue = new EventQueue();
    insertAll(queue, random.shuffle(Array.from({ length: 1000 }, (_, i) => 1000 + i * 1e-6)));
    expect(queue.first()).not.toBe(NO_SLOT);
    const early = Array.from({ length: 1000 }, () => random.uniform(0, 1000));
    insertAll(queue, early);
    for (const event of inOrder(early)) {
      const slot = queue.first();
      expect(queue.arg(slot)).toEqual(event);
      queue.removeFirst(slot);
    }
    queue.removeFirst(queue.first());
    queue.insert(1000.00055, nothing, 'between');
    expect(takeAll(queue).indexOf('between')).toBe(550);
  });

  it('has no more slots than were filled at once, however many events pass through', () => {
    const queue = new EventQueue();
    for (let i = 0; i < 100; i++) queue.insert(i, nothing, i);
    for (let i = 0; i < 10_000; i++) {
      const slot = queue.first();
      const time = queue.firstTime();
      queue.removeFirst(slot);
      queue.insert(time + random.exponential(50), nothing, i);
    }
    expect(queue.slots).toBe(100);
  });

  it('lets go of cancelled events before their time', () => {
    const queue = new EventQueue();
    for (let i = 0; i < 10; i++) queue.insert(1e9 + i, nothing, i);
    for (let i = 0; i < 100_000; i++) queue.cancel(queue.insert(200 + i, nothing, i), 10);
    expect(queue.slots).toBeLessThan(200);
    expect(takeAll(queue)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('holds neither handler nor argument of an event that is over', () => {
    const queue = new EventQueue();
    const slot = queue.first();
    expect(slot).toBe(NO_SLOT);
    const cancelled = queue.insert(2, nothing, { big: true });
    queue.insert(1, nothing, { big: true });
    const taken = queue.first();
    queue.removeFirst(taken);
    expect([queue.handler(taken), typeof queue.arg(taken)]).toEqual([undefined, 'number']);
    queue.cancel(cancelled, 0);
    const other = 3 - taken;
    expect([queue.handler(other), queue.arg(other)]).toEqual([undefined, undefined]);
  });
});
