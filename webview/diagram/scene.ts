/**
 * A picture as plain data: what is where, in px, and which role each shape plays. Colours, hatches and dashes are the
 * style sheet's, by role; so a scene is the same in every theme and can be compared with a stored one.
 */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** The picture in a sentence, for who does not see it. */
  readonly name: string;
  /** Structure: not to be pointed at. */
  readonly shapes: readonly Shape[];
  /** What can be pointed at, in reading order. */
  readonly marks: readonly Mark[];
}

/** Something that has a name and a place, and keeps its identity from one scene to the next. */
export interface Mark {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  /** Said of it when it is focused or hovered. */
  readonly name: string;
  /** Moves with the reader's steps; others jump. */
  readonly moves?: boolean;
  /** Relative to the mark's place. */
  readonly shapes: readonly Shape[];
}

export type Shape =
  | { readonly kind: 'rect'; readonly role: Role; readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly radius?: number }
  | { readonly kind: 'circle'; readonly role: Role; readonly x: number; readonly y: number; readonly radius: number }
  | { readonly kind: 'path'; readonly role: Role; readonly points: readonly Point[]; readonly closed?: boolean }
  | { readonly kind: 'arc'; readonly role: Role; readonly x: number; readonly y: number; readonly radius: number; readonly share: number }
  | { readonly kind: 'text'; readonly role: Role; readonly x: number; readonly y: number; readonly text: string; readonly anchor: Anchor };

export type Point = readonly [x: number, y: number];
export type Anchor = 'start' | 'middle' | 'end';

/** What a shape is, not how it looks. */
export type Role =
  | 'slot'
  | 'slot-extra'
  | 'lane'
  | 'frame'
  | 'tray'
  | 'body'
  | 'grid'
  | 'axis'
  | 'cap'
  | 'cursor'
  | 'cell'
  | 'chosen'
  | 'gap'
  | 'not-started'
  | 'connecting'
  | 'connected'
  | 'deceived'
  | 'failed'
  | 'half-open'
  | 'half-fill'
  | 'queued'
  | 'accepted'
  | 'measured-count'
  | 'age'
  | 'segment'
  | 'segment-lost'
  | 'segment-data'
  | 'segment-ack'
  | 'arrow-head'
  | 'put-off'
  | 'zigzag'
  | 'cross'
  | 'ghost'
  | 'ghost-arrow'
  | 'predicted-line'
  | 'predicted-dot'
  | 'measured-line'
  | 'measured-area'
  | 'measured-dot'
  | 'simulated-line'
  | 'simulated-area'
  | 'difference'
  | 'bytes-flying'
  | 'bytes-waiting'
  | 'bytes-offered'
  | 'bracket'
  | 'window-shut'
  | 'rail'
  | 'holds'
  | 'waits'
  | 'not-permitted'
  | 'sample'
  | 'stair-ack'
  | 'stair-window'
  | 'lock'
  | 'lock-shackle'
  | 'text'
  | 'text-quiet'
  | 'text-strong'
  | 'text-lost';

export const FONT_PX = 12;
/** Height of a line of text, and how far its baseline is below the top. */
export const LINE_PX = 16;
/** The broadest an average character of a 12 px interface font is taken to be. */
const CHARACTER_PX = 6.9;

/** How much broader bold type is. */
const BOLD = 1.1;

/** A safe width of a text at the pictures' size. */
export function textWidth(text: string, role: Role = 'text'): number {
  return text.length * CHARACTER_PX * (role === 'text-strong' || role === 'text-lost' ? BOLD : 1);
}

export function text(role: Role, x: number, y: number, content: string, anchor: Anchor = 'start'): Shape {
  return { kind: 'text', role, x, y, text: content, anchor };
}

export function line(role: Role, ...points: Point[]): Shape {
  return { kind: 'path', role, points };
}

/** A ✕ of half-size `size`, drawn and not set in type: no font decides what a loss looks like. */
export function cross(x: number, y: number, size: number): Shape[] {
  return [line('cross', [x - size, y - size], [x + size, y + size]), line('cross', [x - size, y + size], [x + size, y - size])];
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The box around a shape. */
export function boxOf(shape: Shape, dx = 0, dy = 0): Box {
  switch (shape.kind) {
    case 'rect':
      return { left: shape.x + dx, top: shape.y + dy, right: shape.x + shape.width + dx, bottom: shape.y + shape.height + dy };
    case 'circle':
    case 'arc': {
      const { x, y, radius } = shape;
      return { left: x - radius + dx, top: y - radius + dy, right: x + radius + dx, bottom: y + radius + dy };
    }
    case 'path': {
      const xs = shape.points.map(([x]) => x + dx);
      const ys = shape.points.map(([, y]) => y + dy);
      return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
    }
    case 'text': {
      const width = textWidth(shape.text, shape.role);
      const left = shape.x + dx - (shape.anchor === 'start' ? 0 : shape.anchor === 'end' ? width : width / 2);
      return { left, top: shape.y + dy - FONT_PX, right: left + width, bottom: shape.y + dy + LINE_PX - FONT_PX };
    }
  }
}

/** All shapes of a scene with where they come to lie. */
export function* placedShapes(scene: Scene): Generator<{ readonly shape: Shape; readonly box: Box }> {
  for (const shape of scene.shapes) yield { shape, box: boxOf(shape) };
  for (const mark of scene.marks) for (const shape of mark.shapes) yield { shape, box: boxOf(shape, mark.x, mark.y) };
}

/** Rounds every number of a scene to 0.1 px, as goldens and the drawn SVG have it. */
export function rounded<T>(value: T): T {
  if (typeof value === 'number') return (Math.round(value * 10) / 10) as T;
  if (Array.isArray(value)) return value.map(rounded) as T;
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rounded(each as unknown)])) as T;
  return value;
}
