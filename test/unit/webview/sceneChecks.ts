import { placedShapes, type Scene } from '../../../webview/diagram/scene.ts';

/** Labels that overlap, as pairs of their texts; none is right. */
export function overlaps(scene: Scene): string[] {
  const labels = [...placedShapes(scene)].flatMap(({ shape, box }) => (shape.kind === 'text' && shape.text !== '' ? [{ text: shape.text, box }] : []));
  return labels.flatMap((a, i) =>
    labels
      .slice(i + 1)
      .filter((b) => a.box.left < b.box.right - 0.5 && b.box.left < a.box.right - 0.5 && a.box.top < b.box.bottom - 2 && b.box.top < a.box.bottom - 2)
      .map((b) => `${a.text} / ${b.text}`),
  );
}

/** Shapes that reach over an edge. */
export function outside(scene: Scene): string[] {
  return [...placedShapes(scene)]
    .filter(({ box }) => box.left < -0.5 || box.right > scene.width + 0.5 || box.top < -0.5 || box.bottom > scene.height + 0.5)
    .map(({ shape, box }) => `${shape.kind} ${shape.role} ${JSON.stringify(box)}`);
}
