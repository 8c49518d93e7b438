import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HumanError } from '../../../src/shared/errors.ts';
import { parseThreadsScenario, type ThreadsOutput } from '../../../src/shared/scenario/threads.ts';
import { Machine } from '../../../src/sim/threads/machine.ts';
import { compile } from '../../../src/sim/threads/program.ts';
import { simulateThreads } from '../../../src/sim/threads/simulate.ts';
import { expectGoldenTrace } from '../../golden/expectGolden.ts';
import { fixture } from './fixture.ts';

const run = (threads: Record<string, string[]>, memory: Record<string, number> = { x: 0 }): ThreadsOutput =>
  simulateThreads(parseThreadsScenario({ kind: 'threads', memory, threads })).output;

const all = (program: string[]): Record<string, string[]> => ({ A: program, B: program, C: program, D: program });

const increment = ['load r x', 'add r 1', 'store x r'];

describe('counts', () => {
  it('are those of the format description for two lost updates', () => {
    expect(run({ A: increment, B: increment })).toEqual({
      interleavings: 20,
      states: 22,
      outcomes: [
        { memory: { x: 1 }, interleavings: 18, witness: ['A', 'A', 'B', 'B', 'B', 'A'] },
        { memory: { x: 2 }, interleavings: 2, witness: ['A', 'A', 'A', 'B', 'B', 'B'] },
      ],
      deadlocks: { interleavings: 0, witness: null, waiting: {} },
      races: ['x'],
    });
  });

  it('are 16! / 4!^4 for four threads of four steps', () => {
    expect(run(all(['add r 1', 'load s x', 'add r s', 'fetch-add x 2'])).interleavings).toBe(63_063_000);
  });

  it('are 32! / 8!^4, a string, for four threads of eight steps, however many states there are', () => {
    const output = run(all([...increment, ...increment, 'load r x', 'store x r']));
    expect(output.interleavings).toBe('99561092450391000');
    expect(output.outcomes.map(({ memory }) => memory.x)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const sum = output.outcomes.reduce((total, { interleavings }) => total + BigInt(interleavings ?? -1), 0n);
    expect(sum).toBe(99561092450391000n);
  });

  it('are null wherever any thread jumps, be it only forwards', () => {
    const output = run({ A: ['jump end', 'label end'], B: ['add r 1'] });
    expect(output).toMatchObject({ interleavings: null, deadlocks: { interleavings: null }, outcomes: [{ interleavings: null }] });
  });

  it('know the empty order', () => {
    expect(run({ A: [], B: ['label end'] })).toMatchObject({ interleavings: 1, outcomes: [{ memory: { x: 0 }, interleavings: 1, witness: [] }] });
  });
});

describe('locks', () => {
  it('are not reentrant: a thread may wait for itself', () => {
    expect(run({ A: ['lock m', 'lock m'] }).deadlocks).toEqual({ interleavings: 1, witness: ['A'], waiting: { A: 'A' } });
  });

  it('may be freed by anyone, and freeing a free one does nothing', () => {
    const output = run({ A: ['lock m', 'lock m', 'store x 1'], B: ['unlock m', 'unlock m'] });
    expect(output.outcomes[0]?.memory).toEqual({ x: 1 });
    expect(output.deadlocks.waiting).toEqual({ A: 'A' });
  });

  it('stay taken when their holder ends', () => {
    const output = run({ A: ['lock m'], B: ['lock m', 'store x 1'] });
    expect(output.outcomes).toEqual([]);
    expect(output.deadlocks).toEqual({ interleavings: 2, witness: ['A'], waiting: { B: 'A' } });
  });
});

describe('races', () => {
  it.each([
    [['load r x'], ['load r x'], []],
    [['load r x'], ['store x 1'], ['x']],
    [['store x 1'], ['store x 1'], ['x']],
    [['fetch-add x 1'], ['cas x 0 1 r'], []],
    [['fetch-add x 1'], ['load r x'], ['x']],
    [['cas x 0 1 r'], ['store x 1'], ['x']],
    [['lock m', 'load r x', 'unlock m'], ['lock m', 'store x 1', 'unlock m'], []],
    [['lock m', 'load r x', 'unlock m'], ['lock n', 'store x 1', 'unlock n'], ['x']],
    [['lock m', 'load r x', 'unlock m'], ['store x 1'], ['x']],
  ])('%j beside %j: %j', (A, B, races) => {
    expect(run({ A, B }).races).toEqual(races);
  });
});

describe('what the OSTEP x86 simulator prints', () => {
  interface Recorded {
    readonly id: string;
    readonly expected: { readonly final: Record<string, number>; readonly trace: readonly (string | { readonly tid: number; readonly op: string })[] };
  }
  const reference = JSON.parse(readFileSync(new URL('../../conformance/reference/schedules.json', import.meta.url), 'utf8')) as Recorded[];
  // Its bx is 3 from the start, its flags are set by a test, and halt is a step; here bx is set first and the test is a step without effect.
  const program = ['set bx 3', 'label loop', 'load ax x', 'add ax 1', 'store x ax', 'add bx -1', 'add bx 0', 'jump-if-positive bx loop'];
  const scenario = parseThreadsScenario({ kind: 'threads', memory: { x: 0 }, threads: { A: program, B: program } });

  it.each(reference.filter(({ id }) => id.startsWith('x86-')))('$id', ({ expected }) => {
    const machine = new Machine(compile(scenario), false);
    const locals = [machine.initialLocal(0), machine.initialLocal(1)];
    let shared = machine.initialShared;
    const recorded = expected.trace.flatMap((row) => (typeof row === 'string' || row.op === 'halt' ? [] : row.tid));
    for (const thread of [0, 1, ...recorded]) {
      locals[thread] = machine.step(thread, locals[thread] as number, shared);
      shared = machine.sharedAfter;
    }
    expect(locals.map((local, thread) => machine.next(thread, local))).toEqual([undefined, undefined]);
    expect(machine.memory(shared)).toEqual(Object.values(expected.final));
  });

  it('finds every result of it, down to 2 of 6', () => {
    expect(simulateThreads(scenario).output.outcomes.map(({ memory }) => memory.x)).toEqual([2, 3, 4, 5, 6]);
  });
});

describe('presets', () => {
  const outcomes = (name: string): number[][] => simulateThreads(fixture(name)).output.outcomes.map(({ memory }) => Object.values(memory));
  const output = (name: string): ThreadsOutput => simulateThreads(fixture(name)).output;

  it('lose an update without a lock, none with an atomic one', () => {
    expect(outcomes('lost-update')).toEqual([[1], [2]]);
    expect(outcomes('atomic-update')).toEqual([[2]]);
  });

  it('deadlock by lock order', () => {
    expect(output('lock-order-deadlock').deadlocks).toMatchObject({ witness: ['A', 'B'], waiting: { A: 'B', B: 'A' } });
    expect(output('lock-order').deadlocks).toEqual({ interleavings: 0, witness: null, waiting: {} });
    expect(outcomes('lock-order')).toEqual([[10, 10]]);
  });

  it('exclude each other by a spin lock and by Peterson, not by test then set', () => {
    expect(outcomes('spin-lock')).toEqual([[0, 2]]);
    expect(output('spin-lock').races).toEqual(['lock']);
    expect(outcomes('peterson').map((cells) => cells.at(-1))).toEqual([2, 2]);
    expect(output('peterson').races).not.toContain('x');
    expect(outcomes('test-then-set')).toEqual([[0, 1], [0, 2]]);
    expect(output('test-then-set').races).toContain('x');
  });

  it('hold locks over a transaction, latches over a page access', () => {
    const locks = output('transaction-locks');
    expect(locks.outcomes.map(({ memory }) => memory)).toEqual([{ row1: 2, row2: 2 }]);
    expect(locks.deadlocks.waiting).toEqual({ T1: 'T2', T2: 'T1' });
    const latches = output('page-latches');
    expect(latches.races).toEqual([]);
    expect(latches.deadlocks.witness).toBeNull();
    expect(outcomes('page-latches')).toEqual([[1, 2], [2, 1], [2, 2]]);
    const both = output('locks-and-latches');
    expect(both.outcomes.map(({ memory }) => memory)).toEqual([{ row1: 2 }]);
    expect(both).toMatchObject({ deadlocks: { witness: null }, races: [] });
  });
});

describe('bounds', () => {
  it('refuse a loop whose register grows without end', () => {
    const scenario = parseThreadsScenario({ kind: 'threads', memory: {}, threads: { A: ['label top', 'add r 1', 'jump top'] } });
    expect(() => simulateThreads(scenario, { full: 100, all: 1000 })).toThrow(HumanError);
    expect(() => simulateThreads(scenario, { full: 100, all: 1000 })).toThrow('"threads"');
  });

  it('refuse sums that are not exact', () => {
    const scenario = parseThreadsScenario({ kind: 'threads', memory: { x: Number.MAX_SAFE_INTEGER }, threads: { A: ['fetch-add x 1'] } });
    expect(() => simulateThreads(scenario)).toThrow('"threads.A.0"');
  });

  it('know a program that never ends', () => {
    expect(run({ A: ['label top', 'jump top'] })).toMatchObject({ outcomes: [], deadlocks: { witness: null } });
  });
});

describe('the trace of', () => {
  it.each(['lost-update', 'lock-order-deadlock', 'spin-lock'])('%s', (name) => {
    expectGoldenTrace(`threads/${name}`, simulateThreads(fixture(name)).trace);
  });
});

describe('serial outcomes', () => {
  const serialOf = (threads: Record<string, string[]>): unknown[] => {
    const { trace } = simulateThreads({ kind: 'threads', memory: { x: 0 }, threads });
    return trace.details.filter((detail) => 'schedule' in detail).map((detail) => detail.serial);
  };

  it('are those that threads come to one after another, in any order of threads', () => {
    const inc = ['load r x', 'add r 1', 'store x r'];
    expect(serialOf({ A: inc, B: inc })).toEqual([false, true]);
    expect(serialOf({ A: ['store x 1'], B: ['store x 2'] })).toEqual([true, true]);
    expect(serialOf({ A: ['load r x', 'add r 5', 'store x r'], B: ['store x 1', 'store x 2'] })).toEqual([true, false, false, true]);
  });

  it('are unknown of a deadlock, and need every thread to end alone', () => {
    expect(serialOf({ A: ['lock a', 'lock b', 'unlock b', 'unlock a'], B: ['lock b', 'lock a', 'unlock a', 'unlock b'] })).toEqual([null, true]);
    expect(serialOf({ A: ['label w', 'load r x', 'jump-if-zero r w'], B: ['store x 1'] })).toEqual([true]);
  });
});
