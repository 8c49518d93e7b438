import { line, type Mark, type Scene, type Shape } from './scene.ts';

/** Nearer than this, a mark has not gone anywhere. */
const LEAST_PX = 8;
const RADIUS = 9;

/**
 * What stands in for motion: where a mark was a step ago, a dashed ghost, and an arrow from there to where it is now.
 * The marks themselves are those of `now`, untouched.
 */
export function withGhosts(before: Scene, now: Scene): Scene {
  const places = new Map(before.marks.map((mark) => [mark.id, mark]));
  const ghosts = now.marks.flatMap((mark) => {
    const from = mark.moves === true ? places.get(mark.id) : undefined;
    return from && Math.hypot(mark.x - from.x, mark.y - from.y) >= LEAST_PX ? ghost(from, mark) : [];
  });
  return { ...now, shapes: [...now.shapes, ...ghosts] };
}

function ghost(from: Mark, to: Mark): Shape[] {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const reach = Math.max(0, length - RADIUS - 4);
  const [tipX, tipY] = [from.x + ux * reach, from.y + uy * reach];
  const wing = (side: 1 | -1): readonly [number, number] => [tipX - 5 * ux + side * 3 * uy, tipY - 5 * uy - side * 3 * ux];
  return [
    { kind: 'circle', role: 'ghost', x: from.x, y: from.y, radius: RADIUS },
    line('ghost-arrow', [from.x + ux * RADIUS, from.y + uy * RADIUS], [tipX, tipY]),
    line('ghost-arrow', wing(1), [tipX, tipY], wing(-1)),
  ];
}
