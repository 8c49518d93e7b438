import { formatNumber } from '../format.ts';
import { standingAfter, type Retries, type RetryRung, type Standing } from './retries.ts';
import { standingsLine, standingWords } from './retriesWords.ts';
import { cross, line, text, textWidth, type Mark, type Role, type Scene, type Shape } from './scene.ts';

export interface IntentsOptions {
  /** At least 296. */
  readonly width: number;
  /** All intents as if they began together. */
  readonly timeNs: number;
  /** The intent that is played step by step, from 0, and the rows of its trace that have happened: 0 before anything has. */
  readonly played?: { readonly intent: number; readonly row: number };
  /** What was predicted of each, where this is measured. */
  readonly expected?: readonly Retries[];
}

const TOP = 24;
const CELL_PX = 60;
const GAP = 4;
const EDGE = 2;
const INSET = 6;
const ATTEMPT_PX = 9;
const DIAMOND_PX = 5;
const PITCH = 2 * DIAMOND_PX + 1;
/** The narrowest that a cell can be. */
const LEAST_PX = 70;
/** More cells than these are a wall; the list has them all. */
const MOST = 60;

/** Every intent as a small cell: its attempts, a ◆ for each charge, and whether the client knows; what is still to come is dashed. */
export function intentsScene(intents: readonly Retries[], { width, timeNs, played, expected }: IntentsOptions): Scene {
  const shown = intents.slice(0, MOST);
  const { columns, cellPx } = gridOf(shown.length, width);
  const has = (rung: RetryRung, intent: number): boolean => played?.row !== 0 && (intent === played?.intent ? rung.row <= played.row : rung.timeNs <= timeNs);
  const standings = intents.map(({ rungs }, i) => standingAfter(rungs.filter((rung) => has(rung, i))));
  const marks = shown.map((retries, i): Mark => {
    const now = standings[i] as Standing;
    const end = standingAfter(retries.rungs);
    const other = expected?.[i] && standingWords(standingAfter(expected[i].rungs));
    const differs = other !== undefined && other !== standingWords(end);
    return {
      id: `intent-${i}`,
      x: EDGE + (i % columns) * (cellPx + GAP),
      y: TOP + Math.floor(i / columns) * (CELL_PX + GAP),
      name: `Intent ${i + 1}: ${standingWords(now)}${i === played?.intent ? '; it is the one below' : ''}.${differs ? ` It came to something else than was predicted: ${other}.` : ''}`,
      shapes: [
        { kind: 'rect', role: 'cell', x: 0, y: 0, width: cellPx, height: CELL_PX, radius: 3 },
        ...(i === played?.intent ? [line('chosen', [1, 1], [cellPx - 1, 1], [cellPx - 1, CELL_PX - 1], [1, CELL_PX - 1], [1, 1])] : []),
        text('text-strong', INSET, 16, `${i + 1}${differs ? ' ≠' : ''}`),
        ...attemptShapes(now, end, cellPx),
        ...chargeShapes(now, end, cellPx),
        ...clientShapes(now),
      ],
    };
  });
  const bottom = TOP + Math.ceil(shown.length / columns) * (CELL_PX + GAP);
  const hidden = intents.length - shown.length;
  const summary = standingsLine(standings);
  return {
    width,
    height: bottom + (hidden > 0 ? 20 : 0),
    name: `All intents: ${summary}.`,
    shapes: [text('text', EDGE, 14, summary), ...(hidden > 0 ? [text('text-quiet', EDGE, bottom + 14, `and ${formatNumber(hidden)} more, in the list below`)] : [])],
    marks,
  };
}

/** As many columns as have room, the rows as even as can be. */
function gridOf(count: number, width: number): { readonly columns: number; readonly cellPx: number } {
  const most = Math.floor((width - 2 * EDGE + GAP) / (LEAST_PX + GAP));
  const columns = Math.ceil(count / Math.ceil(count / most));
  return { columns, cellPx: Math.min(96, (width - 2 * EDGE - (columns - 1) * GAP) / columns) };
}

/** A circle for each attempt, or one with their number where there is no room. */
function attemptShapes(now: Standing, end: Standing, cellPx: number): Shape[] {
  const room = Math.floor((cellPx - 2 * INSET - textWidth('30 ≠')) / ATTEMPT_PX);
  const circle = (i: number, right: number): Shape => ({ kind: 'circle', role: i < now.attempts ? 'connected' : 'not-started', x: right - 4, y: 12, radius: 3.5 });
  const right = cellPx - INSET;
  if (end.attempts <= room) return Array.from({ length: end.attempts }, (_, i) => circle(i, right - (end.attempts - 1 - i) * ATTEMPT_PX));
  const words = `×${formatNumber(now.attempts)}`;
  return [circle(0, right - textWidth(words) - 1), text('text', right, 16, words, 'end')];
}

function chargeShapes(now: Standing, end: Standing, cellPx: number): Shape[] {
  const words = now.charges === 0 && end.charges > 0 ? 'none' : timesWords(now.charges);
  // The longest words that it comes to: what was once drawn is not drawn otherwise later.
  const room = Math.floor((cellPx - INSET - 2 - textWidth(timesWords(Math.min(9, Math.max(2, end.charges)))) - 4) / PITCH);
  const count = Math.min(end.charges, Math.max(1, room));
  const role = (i: number): Role => (i >= now.charges ? 'not-started' : i > 0 || now.charges > count ? 'failed' : 'accepted');
  const diamonds = Array.from({ length: count }, (_, i): Shape => {
    const x = INSET + DIAMOND_PX + i * PITCH;
    return { kind: 'path', role: role(i), closed: true, points: [[x, 29 - DIAMOND_PX], [x + DIAMOND_PX, 29], [x, 29 + DIAMOND_PX], [x - DIAMOND_PX, 29]] };
  });
  return [...diamonds, text('text', INSET + count * PITCH + (count > 0 ? 4 : 0), 33, words)];
}

function timesWords(charges: number): string {
  return ['no charge', 'once', 'twice'][charges] ?? (charges < 10 ? `${charges} times` : `×${formatNumber(charges)}`);
}

const GLYPH_X = INSET + 4;

function clientShapes({ client }: Standing): Shape[] {
  const said = (words: string): Shape => text('text', GLYPH_X + 8, 51, words);
  switch (client) {
    case 'knows':
      return [line('connected', [GLYPH_X - 4, 47], [GLYPH_X - 1, 51], [GLYPH_X + 5, 43]), said('knows')];
    case 'gave-up':
      return [...cross(GLYPH_X, 47, 4), said('gave up')];
    case 'waits':
      return [text('text-quiet', INSET, 51, 'waits')];
    case 'not-begun':
      return [text('text-quiet', INSET, 51, 'not begun')];
  }
}
