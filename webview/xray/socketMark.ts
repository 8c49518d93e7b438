import type { XrayListener, XraySample } from '../../src/shared/xray/sample.ts';
import { text, textWidth, type Mark, type Shape } from '../diagram/scene.ts';
import { formatNumber } from '../format.ts';
import type { Outline } from './outline.ts';
import { addressOf, boldWidth, listenerName, queueWords } from './words.ts';

export const SOCKET_HEIGHT = 44;
const BAR_PX = 14;
/** Up to so many places of a queue are a cell each; a longer queue's cells stand for several. */
const CELLS = { narrow: 16, wide: 32 } as const;

/** A listening socket: its letter on its rail, where it listens, and its accept queue with the places that are free. */
export function listenerMark(listener: XrayListener, top: number, sample: XraySample, { width, gutter, wide, rails, letters }: Outline): Mark {
  const letter = letters.get(listener.inode) ?? '';
  const x = rails.get(listener.inode) ?? 0;
  const words = queueWords(listener);
  const inode = `inode ${listener.inode}`;
  const right = isFull(listener) ? `full: ${words}` : words;
  const rightWidth = isFull(listener) ? boldWidth(right) : textWidth(right);
  const address = endOf(addressOf(listener), width - gutter - rightWidth - 12);
  const room = width - gutter - boldWidth(address) - rightWidth - 24;
  const shapes: Shape[] = [
    { kind: 'circle', role: 'holds', x, y: SOCKET_HEIGHT / 2, radius: 8 },
    text('text-strong', x, SOCKET_HEIGHT / 2 + 4, letter, 'middle'),
    text('text-strong', gutter, 14, address),
    text(isFull(listener) ? 'text-lost' : 'text', width - 1, 14, right, 'end'),
    ...queueBar(listener, gutter, width - 1, wide),
  ];
  if (room > textWidth(inode)) shapes.push(text('text-quiet', gutter + boldWidth(address) + 12, 14, inode));
  return { id: `socket-${listener.inode}`, x: 0, y: top, name: listenerName(listener, letter, sample), shapes };
}

function isFull({ acceptQueue, backlog }: XrayListener): boolean {
  return backlog !== null && acceptQueue > backlog;
}

/** As much of the end of an address as has room: its port tells more than its beginning. */
function endOf(address: string, room: number): string {
  if (boldWidth(address) <= room) return address;
  return `…${address.slice(-Math.max(1, Math.floor(room / boldWidth('x') - 1)))}`;
}

/** Places first, then who is in them. Where the limit is not told there is no telling how many are free. */
function queueBar({ acceptQueue, backlog }: XrayListener, left: number, right: number, wide: boolean): Shape[] {
  const y = 22;
  const bar = right - left;
  if (backlog === null) {
    const filled: Shape[] = acceptQueue > 0 ? [{ kind: 'rect', role: 'connecting', x: left, y, width: Math.min(bar, acceptQueue * 8), height: BAR_PX, radius: 2 }] : [];
    return [{ kind: 'rect', role: 'slot-extra', x: left, y, width: bar, height: BAR_PX, radius: 2 }, ...filled];
  }
  const capacity = backlog + 1;
  const cells = Math.min(capacity, wide ? CELLS.wide : CELLS.narrow);
  const pitch = bar / cells;
  const perCell = capacity / cells;
  return Array.from({ length: cells }, (_, i): Shape[] => {
    const inside = Math.max(0, Math.min(1, (acceptQueue - i * perCell) / perCell));
    const at = { x: left + i * pitch, y, height: BAR_PX, radius: 2 };
    const fill: Shape[] = inside > 0 ? [{ kind: 'rect', role: 'connecting', ...at, width: Math.max(2, (pitch - 2) * inside) }] : [];
    return [{ kind: 'rect', role: 'slot', ...at, width: pitch - 2 }, ...fill];
  }).flat();
}

/** What a cell of the queue bars stands for, where it is more than one connection. */
export function cellWords(listeners: readonly XrayListener[], wide: boolean): string | null {
  const most = wide ? CELLS.wide : CELLS.narrow;
  const long = [...new Set(listeners.flatMap(({ backlog }) => (backlog !== null && backlog + 1 > most ? [(backlog + 1) / most] : [])))];
  return long.length === 0 ? null : `a cell of ${long.map((each) => formatNumber(each)).join(' or ')} places`;
}
