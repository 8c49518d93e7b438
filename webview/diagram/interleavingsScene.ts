import type { Interleaving, InterleavingState, InterleavingStep } from './interleavings.ts';
import { endWords, stepName } from './interleavingsWords.ts';
import { line, LINE_PX, text, textWidth, type Mark, type Role, type Scene, type Shape } from './scene.ts';

export interface InterleavingsOptions {
  /** At least 296. */
  readonly width: number;
  readonly state: InterleavingState;
}

const ROW_PX = 26;
const BOX_PX = 20;
/** Rows in view; the view moves with the steps. */
const ROWS = 12;
/** Share of them that stays in view behind the present step. */
const BEHIND = 8;
const HEAD_PX = 26;
const GUTTER = 22;
const MEMORY_SHARE = 0.3;
const GAP = 6;
/** Keeps the last column's outline inside. */
const EDGE = 2;
const PAD = 5;

/** Columns of threads around a column of shared memory, time down, one row a step; what a step changed stands beside it in a box. */
export function interleavingsScene(order: Interleaving, { width, state }: InterleavingsOptions): Scene {
  const columns = columnsOf(order.threads, width);
  const first = Math.max(0, Math.min(state.done - BEHIND, order.steps.length - ROWS));
  const shown = order.steps.slice(first, first + ROWS);
  const chips = chipsOf(order, state, width);
  const top = chips.bottom + HEAD_PX;
  const bottom = top + Math.min(ROWS, Math.max(order.steps.length, 1)) * ROW_PX;
  const lanes = [...columns.threads].flatMap(([name, { x, width: wide }]): Shape[] => [text('text-strong', x + wide / 2, top - 10, fitted(name, wide, 'text-strong'), 'middle'), ...laneOf(name, shown, x + wide / 2, top)]);
  const memory = columns.memory;
  const shapes: Shape[] = [
    ...chips.shapes,
    ...lanes,
    { kind: 'rect', role: 'frame', x: memory.x, y: top - 4, width: memory.width, height: bottom - top + 4, radius: 3 },
    text('text-quiet', memory.x + memory.width / 2, top - 10, 'memory', 'middle'),
    ...outOfView(first, order.steps.length - first - shown.length, bottom),
  ];
  if (state.done > first && state.done < order.steps.length) shapes.push(line('cursor', [0, top + (state.done - first) * ROW_PX], [width, top + (state.done - first) * ROW_PX]));
  const marks = shown.map((step, i): Mark => ({ id: `step-${first + i}`, x: 0, y: top + i * ROW_PX, name: stepName(step, first + i), shapes: stepShapes(step, first + i, columns, first + i < state.done) }));
  const over = state.done === order.steps.length;
  const end = order.ends === 'deadlock' ? 'deadlock: nobody can go on' : `the end: ${endWords(order)}`;
  const looks: Role = order.ends === 'deadlock' || order.serial === false ? 'text-lost' : 'text-strong';
  const ending: Shape[] = over ? [text(looks, width / 2, bottom + 20 + (first > 0 ? LINE_PX : 0), fitted(end, width, looks), 'middle')] : [];
  const name = `One order of steps, ${state.done} of ${order.steps.length} done. ${endWordsName(order, over)}`;
  return { width, height: bottom + 28 + (order.steps.length > ROWS ? LINE_PX : 0), name, shapes: [...shapes, ...ending], marks };
}

/** A thread's lane, but behind its own steps: it would strike through their words. */
function laneOf(name: string, shown: readonly InterleavingStep[], x: number, top: number): Shape[] {
  return shown.flatMap(({ thread }, i) => (thread === name ? [] : [line('lane', [x, top + i * ROW_PX - (i === 0 ? 4 : 0)], [x, top + (i + 1) * ROW_PX])]));
}

function endWordsName(order: Interleaving, over: boolean): string {
  return over ? `It ends: ${endWords(order)}.` : '';
}

interface Column {
  readonly x: number;
  readonly width: number;
}

interface Columns {
  readonly threads: ReadonlyMap<string, Column>;
  readonly memory: Column;
}

/** Half of the threads to the left of memory, half to the right. */
function columnsOf(names: readonly string[], width: number): Columns {
  const room = width - GUTTER - EDGE;
  const memoryWidth = Math.max(74, Math.min(150, room * MEMORY_SHARE));
  const each = (room - memoryWidth - names.length * GAP) / Math.max(1, names.length);
  const left = Math.ceil(names.length / 2);
  const memory = { x: GUTTER + left * (each + GAP), width: memoryWidth };
  const x = (i: number): number => (i < left ? GUTTER + i * (each + GAP) : memory.x + memoryWidth + GAP + (i - left) * (each + GAP));
  return { threads: new Map(names.map((name, i) => [name, { x: x(i), width: each }])), memory };
}

function stepShapes(step: InterleavingStep, index: number, { threads, memory }: Columns, done: boolean): Shape[] {
  const { x, width } = threads.get(step.thread) ?? memory;
  const middle = ROW_PX / 2;
  const top = (ROW_PX - BOX_PX) / 2;
  const quiet: Role = done ? 'text' : 'text-quiet';
  const change = changeOf(step);
  const right = x > memory.x;
  const shapes: Shape[] = [text('text-quiet', GUTTER - 6, middle + 4, String(index + 1), 'end')];
  if (change !== '' || touches(step)) shapes.push(line(done ? 'bracket' : 'ghost-arrow', [right ? x : x + width, middle], [right ? memory.x + memory.width : memory.x, middle]));
  shapes.push({ kind: 'rect', role: done ? 'accepted' : 'not-started', x, y: top, width, height: BOX_PX, radius: 3 }, text(quiet, x + PAD, middle + 4, shortened(step, width - 2 * PAD)));
  const read = readOf(step);
  if (change === '' && read !== '') shapes.push(text(quiet, memory.x + memory.width / 2, middle + 4, fitted(read, memory.width - 10), 'middle'));
  if (change !== '') shapes.push({ kind: 'rect', role: done ? 'queued' : 'not-started', x: memory.x + 3, y: top, width: memory.width - 6, height: BOX_PX, radius: 2 }, text(quiet, memory.x + memory.width / 2, middle + 4, fitted(change, memory.width - 10), 'middle'));
  return shapes;
}

/** What stands in memory's column: the changed value, boxed, or a lock's fate. */
function changeOf({ cells, locks, waits, wakes }: InterleavingStep): string {
  const cell = cells[0];
  if (cell) return `${cell.cell}: ${cell.before} → ${cell.after}`;
  const lock = locks[0];
  if (lock) return `${lock.taken ? 'taken' : 'free'}: ${lock.lock}`;
  const sleeper = waits.find(({ holder }) => holder === null);
  if (sleeper) return `${sleeper.thread} sleeps`;
  return wakes.length > 0 ? `wakes ${wakes.join(', ')}` : '';
}

/** What a load took out of memory, of a program or of the learner's code (“x[0] → 0”), and what a store left as it was (“x[0] = 1”): an update is lost by what was read and is no longer so. */
function readOf({ instruction, registers }: InterleavingStep): string {
  const register = registers[0];
  if (register && instruction.startsWith('load ')) return `reads ${register.after}`;
  const [, how, value] = /^\w+\[\d+\] (→|=) (-?\d+)$/.exec(instruction) ?? [];
  return value === undefined ? '' : `${how === '→' ? 'reads' : 'writes'} ${value}`;
}

/** Whether a step reads memory without changing it. */
function touches({ instruction }: InterleavingStep): boolean {
  return /^(load|cas)\b|^Atomics\.|\[\d+\]/.test(instruction);
}

/** A box has room for few words: the line, and the call without what all share; what a register then holds, where it fits. */
function shortened(step: InterleavingStep, room: number): string {
  const { instruction, line: at, registers } = step;
  const call = instruction.replace(/^Atomics\./, '').replace('compareExchange', 'cmpxchg');
  const learner = /^Atomics\.|\[\d+\]|\(/.test(instruction);
  if (learner && at >= 0) return fitted(`${at + 1}: ${call}`, room);
  const register = registers[0];
  const full = register && readOf(step) === '' ? `${call} → ${register.after}` : call;
  return [full, call, arrowed(call)].find((words) => textWidth(words) <= room) ?? fitted(call, room);
}

/** The shortest that a load, an addition or a store can be written: r ← x, r + 1, x ← r. */
function arrowed(call: string): string {
  return call.replace(/^load (\S+) (\S+)$/, '$1 ← $2').replace(/^store (\S+) (\S+)$/, '$1 ← $2').replace(/^add (\S+) (\S+)$/, '$1 + $2').replace('+ -', '− ');
}

/** What memory and the locks hold now, and who waits, as chips above the picture. */
function chipsOf(order: Interleaving, { memory, owners, waiting }: InterleavingState, width: number): { readonly bottom: number; readonly shapes: readonly Shape[] } {
  const held = [...owners].map(([lock, owner]) => `${lock} held by ${owner}${queue(waiting, lock)}`);
  const asleep = [...new Set(waiting.values())].filter((what) => !owners.has(what)).map((what) => `${queueNames(waiting, what)} asleep at ${what}`);
  const cells = [...memory].map(([cell, value]) => `${cell} = ${value}`);
  const shapes: Shape[] = [];
  let x = 1;
  let y = 2;
  for (const [content, role] of [...cells.map((cell) => [cell, 'slot'] as const), ...[...held, ...asleep].map((lock) => [lock, 'queued'] as const)]) {
    const shown = fitted(content, width - 14);
    const wide = textWidth(shown) + 10;
    if (x > 1 && x + wide > width) [x, y] = [1, y + BOX_PX + 6];
    shapes.push({ kind: 'rect', role, x, y, width: wide, height: BOX_PX, radius: 3 }, text('text', x + PAD, y + 14, shown));
    x += wide + 6;
  }
  // The place for locks is kept, so that the rows below do not jump.
  const most = order.steps.some(({ locks, waits }) => locks.length + waits.length > 0) ? 2 : 1;
  return { bottom: Math.max(y, 2 + (most - 1) * (BOX_PX + 6)) + BOX_PX, shapes };
}

function queue(waiting: ReadonlyMap<string, string>, what: string): string {
  const names = queueNames(waiting, what);
  return names === '' ? '' : `, waiting: ${names}`;
}

function queueNames(waiting: ReadonlyMap<string, string>, what: string): string {
  return [...waiting].filter(([, each]) => each === what).map(([thread]) => thread).join(', ');
}

/** Says how many rows are out of view. */
function outOfView(above: number, below: number, bottom: number): Shape[] {
  const words = [above > 0 ? `${above} above` : '', below > 0 ? `${below} below` : ''].filter((each) => each !== '').join(', ');
  return words === '' ? [] : [text('text-quiet', GUTTER, bottom + LINE_PX, `more steps: ${words}`)];
}

/** A text cut off where it would leave its room. */
function fitted(content: string, room: number, role?: Role): string {
  if (textWidth(content, role) <= room) return content;
  const characters = Math.max(1, Math.floor(room / textWidth('x', role)) - 1);
  return `${content.slice(0, characters)}…`;
}
