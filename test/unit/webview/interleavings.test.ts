import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseThreadsScenario } from '../../../src/shared/scenario/threads.ts';
import { events } from '../../../src/shared/trace.ts';
import { simulateThreads } from '../../../src/sim/threads/simulate.ts';
import { interleavingsOf, stateAt, type Interleaving } from '../../../webview/diagram/interleavings.ts';
import { interleavingsScene } from '../../../webview/diagram/interleavingsScene.ts';
import { describeThreads, endWords, interleavingsTakeaway, interleavingState, scheduleText, stepName } from '../../../webview/diagram/interleavingsWords.ts';
import { outside, overlaps } from './sceneChecks.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/scenarios/threads');
const NAMES = ['lost-update', 'lock-order-deadlock', 'locks-and-latches', 'page-latches', 'peterson', 'spin-lock', 'transaction-locks'];

function ordersOf(name: string): readonly Interleaving[] {
  return interleavingsOf(simulateThreads(parseThreadsScenario(JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')))).trace);
}

const [lost, kept] = ordersOf('lost-update') as [Interleaving, Interleaving];
const [stuck] = ordersOf('lock-order-deadlock') as [Interleaving];
const after = (order: Interleaving, steps: number): ReturnType<typeof stateAt> => stateAt(order, order.steps[steps - 1]?.row ?? 0);

describe('the orders of a trace', () => {
  it('are told apart, each from its own beginning', () => {
    expect([lost, kept].map(scheduleText)).toEqual(['AABBBA', 'AAABBB']);
    expect([lost, kept].map((order) => [endWords(order), order.interleavings, order.serial, order.switches])).toEqual([['x = 1', 18, false, 2], ['x = 2', 2, true, 1]]);
    expect([...events(kept.trace)][0]?.timeNs).toBe(0);
    expect(endWords(stuck)).toBe('deadlock');
  });

  it('have the memory, the owners and the waiters of each step', () => {
    expect([...after(lost, 0).memory]).toEqual([['x', 0]]);
    expect([...after(lost, 5).memory]).toEqual([['x', 1]]);
    const end = after(stuck, stuck.steps.length);
    expect([...end.owners]).toEqual([['la', 'A'], ['lb', 'B']]);
    expect([...end.waiting]).toEqual([['A', 'lb'], ['B', 'la']]);
  });

  it('are told in words', () => {
    expect(interleavingsTakeaway([lost, kept])).toBe('18 of 20 orders come to what no order of whole threads gives: an update is lost.');
    expect(interleavingsTakeaway(ordersOf('lock-order-deadlock'))).toBe('2 of 6 orders deadlock.');
    expect(interleavingsTakeaway(ordersOf('locks-and-latches'))).toBe('All 52 orders of the steps come out right.');
    expect(interleavingsTakeaway(ordersOf('spin-lock'))).toBe('Every order of the steps comes out right.');
    expect(interleavingState(after(lost, 6), lost)).toBe('Step 6 of 6: A does store x r. x is 1. That is all.');
    expect(interleavingState(after(stuck, 2), stuck)).toMatch(/A waits for lb, B waits for la\. Nobody can go on\.$/);
    expect(stepName(lost.steps[4]!, 4)).toBe('Step 5, B: line 3, store x r; x: 0 → 1.');
    for (const name of NAMES) for (const order of ordersOf(name)) for (const event of events(order.trace)) expect(describeThreads(event)).not.toMatch(/undefined|NaN/);
  });
});

describe('the picture of an order', () => {
  it.each(NAMES.flatMap((name) => [296, 560].map((width) => [name, width] as const)))('%s fits %i px, at every step, with no label over another', (name, width) => {
    for (const order of ordersOf(name)) {
      for (let steps = 0; steps <= order.steps.length; steps++) {
        const scene = interleavingsScene(order, { width, state: after(order, steps) });
        expect(outside(scene)).toEqual([]);
        expect(overlaps(scene)).toEqual([]);
      }
    }
  });

  it('has a row for each step, what it changed boxed beside it', () => {
    const scene = interleavingsScene(lost, { width: 560, state: after(lost, 6) });
    expect(scene.marks).toHaveLength(6);
    const words = scene.marks.map(({ shapes }) => shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : [])));
    expect(words[0]).toEqual(['1', 'load r x', 'reads 0']);
    expect(words[4]).toEqual(['5', 'store x r', 'x: 0 → 1']);
  });

  it('says what each load read, also where there is little room, since that is what gets lost', () => {
    const add = ['load r x', 'add r 1', 'store x r'];
    const [order] = interleavingsOf(simulateThreads({ kind: 'threads', memory: { x: 0 }, threads: { A: add, B: add, C: add } }).trace) as [Interleaving];
    const drawn = interleavingsScene(order, { width: 296, state: stateAt(order, 0) });
    const labels = drawn.marks.map(({ shapes }) => shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : [])));
    expect(labels[0]).toEqual(['1', 'r ← x', 'reads 0']);
    expect(labels.flat()).toContain('x ← r');
    expect(labels.flat().filter((label) => label.includes('…'))).toEqual([]);
    expect(overlaps(drawn)).toEqual([]);
  });

  it('says how many steps are out of view, and keeps the present one in it', () => {
    const [order] = ordersOf('page-latches') as [Interleaving];
    const scene = interleavingsScene(order, { width: 296, state: after(order, 20) });
    expect(scene.marks.map(({ id }) => id)).toContain('step-19');
    expect(scene.shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []))).toContain('more steps: 12 above, 4 below');
  });

  it('draws what is to come otherwise than what was done', () => {
    const roles = interleavingsScene(lost, { width: 296, state: after(lost, 3) }).marks.map(({ shapes }) => shapes.find((shape) => shape.kind === 'rect')?.role);
    expect(roles).toEqual(['accepted', 'accepted', 'accepted', 'not-started', 'not-started', 'not-started']);
  });
});
