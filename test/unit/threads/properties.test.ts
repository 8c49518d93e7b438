import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseThreadsScenario, type ThreadsScenario } from '../../../src/shared/scenario/threads.ts';
import { simulateThreads } from '../../../src/sim/threads/simulate.ts';
import { bestOrders, everyOrder, type Order } from './bruteForce.ts';

const cell = fc.constantFrom('x', 'y');
const register = fc.constantFrom('r', 's');
const number = fc.integer({ min: -1, max: 2 }).map(String);
const operand = fc.oneof(register, number);
const lock = fc.constantFrom('m', 'n');

const instruction = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(register, cell).map(([r, c]) => `load ${r} ${c}`) },
  { weight: 3, arbitrary: fc.tuple(cell, operand).map(([c, v]) => `store ${c} ${v}`) },
  { weight: 1, arbitrary: fc.tuple(register, number).map(([r, n]) => `set ${r} ${n}`) },
  { weight: 2, arbitrary: fc.tuple(register, operand).map(([r, v]) => `add ${r} ${v}`) },
  { weight: 1, arbitrary: fc.tuple(cell, number).map(([c, n]) => `fetch-add ${c} ${n}`) },
  { weight: 1, arbitrary: fc.tuple(cell, operand, operand, register).map((words) => `cas ${words.join(' ')}`) },
  { weight: 3, arbitrary: lock.map((m) => `lock ${m}`) },
  { weight: 2, arbitrary: lock.map((m) => `unlock ${m}`) },
);

const memory = fc.record({ x: fc.integer({ min: 0, max: 1 }), y: fc.constant(0) });
const two = fc.record({ A: fc.array(instruction, { maxLength: 5 }), B: fc.array(instruction, { maxLength: 5 }) });
const three = fc.record({ A: fc.array(instruction, { maxLength: 3 }), B: fc.array(instruction, { maxLength: 3 }), C: fc.array(instruction, { maxLength: 2 }) });

const programs: fc.Arbitrary<ThreadsScenario> = fc
  .tuple(memory, fc.oneof(two, three))
  .map(([cells, threads]) => parseThreadsScenario({ kind: 'threads', memory: cells, threads }));

/** Spins and skips. States are finite, since nothing in a loop grows. */
const looping: fc.Arbitrary<ThreadsScenario> = fc
  .tuple(memory, fc.constantFrom('load r x', 'cas x 0 1 r', 'load r y'), fc.constantFrom('jump-if-zero r top', 'jump-if-positive r top', 'jump-if-positive r end'), two)
  .map(([cells, test, jump, { A, B }]) => {
    const loop = ['label top', test, jump, 'label end'];
    const short = (lines: string[]): string[] => lines.slice(0, 3);
    return parseThreadsScenario({ kind: 'threads', memory: cells, threads: { A: [...loop, ...short(A)], B: [...short(B), ...loop] } });
  });

/** Fewest switches, then first in listed order, which is the order in which brute force finds them. */
function best(orders: readonly Order[]): readonly number[] | undefined {
  return orders.reduce<Order | undefined>((found, order) => (found && found.switches <= order.switches ? found : order), undefined)?.steps;
}

describe('any program without jumps', () => {
  it.each([
    ['all registers', 30_000],
    ['only registers that will be read', 0],
  ])('has the counts, outcomes, deadlocks, races and witnesses that brute force finds, with %s in its states', (_, full) => {
    fc.assert(
      fc.property(programs, (scenario) => {
        const { output } = simulateThreads(scenario, { full, all: 1_000_000 });
        const { orders, races } = everyOrder(scenario);
        const names = Object.keys(scenario.threads);
        const named = (steps: readonly number[] | undefined): string[] | null => steps?.map((t) => names[t] as string) ?? null;

        expect(output.interleavings).toBe(orders.length);
        expect(output.races).toEqual(races);

        const deadlocked = orders.filter((order) => order.deadlock);
        expect(output.deadlocks.interleavings).toBe(deadlocked.length);
        expect(output.deadlocks.witness).toEqual(named(best(deadlocked)));
        const witness = deadlocked.find((order) => order.steps === best(deadlocked));
        expect(output.deadlocks.waiting).toEqual(witness?.waiting ?? {});

        const finished = orders.filter((order) => !order.deadlock);
        expect(output.outcomes.length).toBe(new Set(finished.map(({ memory: { x, y } }) => `${x} ${y}`)).size);
        for (const outcome of output.outcomes) {
          const same = finished.filter((order) => order.memory.x === outcome.memory.x && order.memory.y === outcome.memory.y);
          expect(outcome.interleavings).toBe(same.length);
          expect(outcome.witness).toEqual(named(best(same)));
        }
        const values = output.outcomes.map((outcome) => [outcome.memory.x ?? 0, outcome.memory.y ?? 0] as const);
        expect([...values].sort((a, b) => a[0] - b[0] || a[1] - b[1])).toEqual(values);
      }),
      { numRuns: 300 },
    );
  });
});

describe('any program with loops', () => {
  it.each([
    ['all registers', 30_000],
    ['only registers that will be read', 0],
  ])('counts nothing, and has the outcomes, deadlocks and witnesses that a search over whole states finds, with %s in its states', (_, full) => {
    fc.assert(
      fc.property(looping, (scenario) => {
        const { output } = simulateThreads(scenario, { full, all: 1_000_000 });
        expect(output.interleavings).toBeNull();
        expect(output.deadlocks.interleavings).toBeNull();
        expect(output.outcomes.every((outcome) => outcome.interleavings === null)).toBe(true);
        const found = bestOrders(scenario);
        expect(output.deadlocks.witness).toEqual(found.get('deadlock') ?? null);
        found.delete('deadlock');
        const witnesses = output.outcomes.map(({ memory: cells, witness }) => [JSON.stringify(cells), witness] as const);
        expect(new Map(witnesses)).toEqual(found);
      }),
      { numRuns: 200 },
    );
  });
});
