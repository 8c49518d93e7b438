import { formatNumber } from '../format.ts';
import { readingOf, stateOf, type CoreProcess, type Cores, type CoreThread } from './cores.ts';
import { coresState, formatKb, lifeOf, processName } from './coresWords.ts';
import { LINE_PX, text, textWidth, type Mark, type Role, type Scene, type Shape } from './scene.ts';

export interface CoresOptions {
  /** At least 296. */
  readonly width: number;
  readonly timeNs: number;
}

const GAP = 8;
const PAD = 8;
const CORE_PX = 44;
const LEAST_CORE = 84;
const TOKEN_PX = 22;
const TOKEN_GAP = 4;
/** The longest name that a token shows. */
const MOST_CHARACTERS = 12;
/** Processes that are drawn one by one. */
const MOST_PROCESSES = 12;
const QUEUE_ROWS = 2;
const THREAD_ROWS = 4;

/** The kernel's cores and run queue; below, each process as a box: its memory, and the threads that share it. */
export function coresScene(cores: Cores, { width, timeNs }: CoresOptions): Scene {
  const kernel = kernelPart(cores, width, timeNs);
  const processes = processesPart(cores.processes, kernel.bottom + GAP, width, timeNs);
  return { width, height: processes.bottom + 2, name: coresState(cores, timeNs), shapes: [...kernel.shapes, ...processes.shapes], marks: [...kernel.marks, ...processes.marks] };
}

interface Part {
  readonly bottom: number;
  readonly shapes: readonly Shape[];
  readonly marks: readonly Mark[];
}

function kernelPart({ cores, threads, measured }: Cores, width: number, timeNs: number): Part {
  const inner = width - 2 * PAD - 2;
  const perRow = Math.max(1, Math.min(cores, Math.floor((inner + GAP) / (LEAST_CORE + GAP))));
  const coreWidth = Math.min(160, (inner + GAP) / perRow - GAP);
  const coresTop = 2 + LINE_PX + 8;
  const marks: Mark[] = Array.from({ length: cores }, (_, core) => {
    const thread = threads.find((one) => {
      const state = stateOf(one, timeNs);
      return typeof state === 'object' && state.state === 'running' && state.core === core;
    });
    const shapes: Shape[] = [
      { kind: 'rect', role: thread ? 'bytes-flying' : 'slot', x: 0, y: 0, width: coreWidth, height: CORE_PX, radius: 4 },
      text('text-quiet', 8, 16, `core ${core}`),
      text(thread ? 'text-strong' : 'text-quiet', 8, 35, thread ? shortened(thread.name, coreWidth - 16) : 'idle'),
    ];
    const idle = `Core ${core} runs none of these threads${measured ? '; it may run others' : ''}.`;
    return { id: `core-${core}`, x: 1 + PAD + (core % perRow) * (coreWidth + GAP), y: coresTop + Math.floor(core / perRow) * (CORE_PX + GAP), name: thread ? `Core ${core} runs ${thread.name}, a thread of ${thread.process}.` : idle, shapes };
  });
  const queueTop = coresTop + Math.ceil(cores / perRow) * (CORE_PX + GAP);
  const ready = threads
    .flatMap((thread) => {
      const state = stateOf(thread, timeNs);
      return typeof state === 'object' && state.state === 'ready' ? [{ thread, fromNs: state.fromNs }] : [];
    })
    .sort((a, b) => a.fromNs - b.fromNs);
  const tokens = tokenRows(ready.map(({ thread }) => ({ id: `ready-${thread.name}`, label: thread.name, role: 'bytes-waiting', name: `${thread.name} is ready, and waits for a core. ${lifeOf(thread)}` })), { left: 1 + PAD, top: queueTop + LINE_PX + 6, width: inner, rows: QUEUE_ROWS, leastRows: rowsFor(threads, inner) });
  const bottom = tokens.bottom + PAD;
  const shapes: Shape[] = [
    { kind: 'rect', role: 'frame', x: 1, y: 1, width: width - 2, height: bottom - 1, radius: 6 },
    text('text-strong', 1 + PAD, 2 + LINE_PX, 'kernel'),
    text('text', 1 + PAD, queueTop + LINE_PX - 2, `run queue: ${formatNumber(ready.length)} ready`),
  ];
  return { bottom, shapes, marks: [...marks, ...tokens.marks] };
}

/** Rows that the queue would take with all in it, so that the picture keeps its height. */
function rowsFor(threads: readonly CoreThread[], width: number): number {
  return (placesOf(threads.map(({ name }) => tokenWidth(name)), width).at(-1)?.row ?? 0) + 1;
}

function processesPart(processes: readonly CoreProcess[], top: number, width: number, timeNs: number): Part {
  const shown = processes.slice(0, MOST_PROCESSES);
  const marks: Mark[] = [];
  let x = 1;
  let y = top;
  let rowBottom = top;
  for (const process of shown) {
    const box = processBox(process, width, timeNs);
    if (x > 1 && x + box.width > width - 1) {
      x = 1;
      y = rowBottom + GAP;
    }
    marks.push({ id: `process-${process.name}`, x, y, name: processName(process, timeNs), shapes: box.shapes });
    for (const mark of box.marks) marks.push({ ...mark, x: mark.x + x, y: mark.y + y });
    x += box.width + GAP;
    rowBottom = Math.max(rowBottom, y + box.height);
  }
  const left = processes.length - shown.length;
  if (left === 0) return { bottom: rowBottom, shapes: [], marks };
  return { bottom: rowBottom + LINE_PX + GAP, shapes: [text('text', 1, rowBottom + LINE_PX + 2, `and ${formatNumber(left)} more processes`)], marks };
}

/** A process: what it has in memory, what it reads there, and its threads. */
function processBox(process: CoreProcess, width: number, timeNs: number): { readonly width: number; readonly height: number; readonly shapes: readonly Shape[]; readonly marks: readonly Mark[] } {
  const { name, pid, memoryKb, threads } = process;
  const reading = readingOf(process, timeNs);
  const most = width - 2;
  const title = shortened(name, most - 2 * PAD);
  const counted = (value: number | undefined): string[] => (value === undefined ? [] : [`x = ${formatNumber(value)}`]);
  const memory = memoryKb === null ? [] : [formatKb(memoryKb)];
  const told = (x: readonly string[]): string[] => [...(pid === null ? [] : [`PID ${pid}`]), ...memory, ...x];
  const lines = told(counted(reading ?? undefined));
  const tokensWide = threads.reduce((sum, thread) => sum + tokenWidth(thread.name) + TOKEN_GAP, -TOKEN_GAP);
  const inner = Math.min(most - 2 * PAD, Math.max(tokensWide, textWidth(title, 'text-strong'), ...told(counted(process.readings.at(-1)?.[1])).map((words) => textWidth(words))));
  const tokens = tokenRows(
    threads.map((thread) => ({ id: `thread-${thread.name}`, label: thread.name, role: roleOf(thread, timeNs), name: `${saying(thread, timeNs)} ${lifeOf(thread)}` })),
    { left: PAD, top: PAD + LINE_PX * (1 + lines.length) + 4, width: inner, rows: THREAD_ROWS, leastRows: 1 },
  );
  const height = tokens.bottom + PAD;
  const shapes: Shape[] = [
    { kind: 'rect', role: 'slot', x: 0, y: 0, width: inner + 2 * PAD, height, radius: 6 },
    text('text-strong', PAD, PAD + 10, title),
    ...lines.map((line, i) => text(line.startsWith('x') ? 'text' : 'text-quiet', PAD, PAD + 10 + LINE_PX * (i + 1), line)),
  ];
  return { width: inner + 2 * PAD, height, shapes, marks: tokens.marks };
}

function roleOf(thread: CoreThread, timeNs: number): Role {
  const state = stateOf(thread, timeNs);
  if (typeof state === 'string') return state === 'done' ? 'ghost' : 'not-started';
  return state.state === 'running' ? 'bytes-flying' : state.state === 'ready' ? 'bytes-waiting' : 'slot';
}

function saying(thread: CoreThread, timeNs: number): string {
  const state = stateOf(thread, timeNs);
  if (typeof state === 'string') return state === 'done' ? 'Done.' : 'Not there yet.';
  return state.state === 'running' ? `Runs on core ${state.core ?? ''}.` : state.state === 'ready' ? 'Ready.' : 'Asleep.';
}

interface Token {
  readonly id: string;
  readonly label: string;
  readonly role: Role;
  readonly name: string;
}

interface Room {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly rows: number;
  /** Kept also where fewer are needed now. */
  readonly leastRows: number;
}

/** Boxes with names, in rows; what has no room is counted in a last one. */
function tokenRows(tokens: readonly Token[], { left, top, width, rows, leastRows }: Room): { readonly bottom: number; readonly marks: readonly Mark[] } {
  const places = placesOf(tokens.map(({ label }) => Math.min(width, tokenWidth(label))), width);
  const y = (row: number): number => top + row * (TOKEN_PX + TOKEN_GAP);
  const fitting = places.filter(({ row }) => row < rows).length;
  let shown = fitting;
  const after = (count: number): number => (places[count - 1]?.row === rows - 1 ? (places[count - 1] as Place).x + (places[count - 1] as Place).width + TOKEN_GAP : 0);
  while (shown < tokens.length && shown > 0 && after(shown) + tokenWidth(`+${tokens.length - shown}`) > width) shown--;
  const marks = tokens.slice(0, shown).map(({ id, label, role, name }, i): Mark => {
    const place = places[i] as Place;
    return { id, x: left + place.x, y: y(place.row), name, shapes: tokenShapes(shortened(label, place.width - 10), role, place.width) };
  });
  const hidden = tokens.slice(shown);
  if (hidden[0]) {
    const more = `+${hidden.length}`;
    const name = `${formatNumber(hidden.length)} more: ${hidden.map(({ label }) => label).join(', ')}.`;
    marks.push({ id: `${hidden[0].id}-more`, x: left + after(shown), y: y(rows - 1), name, shapes: tokenShapes(more, 'slot', tokenWidth(more)) });
  }
  const used = Math.min(rows, Math.max(leastRows, (places.at(-1)?.row ?? -1) + 1));
  return { bottom: y(used) - TOKEN_GAP, marks };
}

interface Place {
  readonly x: number;
  readonly row: number;
  readonly width: number;
}

function placesOf(widths: readonly number[], width: number): Place[] {
  let x = 0;
  let row = 0;
  return widths.map((each) => {
    if (x > 0 && x + each > width) {
      x = 0;
      row++;
    }
    const place = { x, row, width: each };
    x += each + TOKEN_GAP;
    return place;
  });
}

function tokenShapes(label: string, role: Role, width: number): Shape[] {
  return [{ kind: 'rect', role, x: 0, y: 0, width, height: TOKEN_PX, radius: 3 }, text(role === 'ghost' ? 'text-quiet' : role === 'bytes-flying' ? 'text-strong' : 'text', width / 2, 15, label, 'middle')];
}

function tokenWidth(label: string): number {
  return textWidth(label.slice(0, MOST_CHARACTERS)) + 10;
}

/** A name as far as it has room, with an ellipsis where it goes on. */
export function shortened(name: string, width: number): string {
  if (textWidth(name) <= width) return name;
  const room = Math.max(1, Math.floor(width / textWidth('x')) - 1);
  return `${name.slice(0, room)}…`;
}
