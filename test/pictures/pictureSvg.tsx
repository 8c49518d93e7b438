import { renderToString } from 'preact-render-to-string';
import type { Lab, LabPicture } from '../../src/shared/lab.ts';
import { HatchPatterns } from '../../webview/diagram/hatches.tsx';
import { FONT_PX, LINE_PX, text, type Scene } from '../../webview/diagram/scene.ts';
import { SceneView } from '../../webview/diagram/sceneView.tsx';
import { svgStyle } from './svgStyle.ts';
import { viewScene } from './viewScene.ts';

/** CSS pixels: a README's column on a code-hosting site, and in VS Code's preview. */
const WIDTH = 720;
const PADDING = 16;
const GAP = 20;
const TITLE_PX = 24;

interface Placed {
  readonly x: number;
  readonly y: number;
  readonly scene: Scene;
}

/** A lab's picture as a file that stands alone: a card with a ground of its own, on which the views are as in the panel. */
export function pictureSvg(lab: Lab, picture: LabPicture): string {
  const { height, placed } = placedViews(lab, picture);
  const body = renderToString(<Card picture={picture} title={lab.title} height={height} placed={placed} />);
  const classes = new Set([...body.matchAll(/class="([^"]+)"/g)].flatMap(([, names]) => names?.split(' ') ?? []));
  return `${body.replace('<style></style>', `<style>\n${CARD_STYLE}\n${svgStyle(classes)}\n</style>`).replaceAll('><g', '>\n<g')}\n`;
}

/** The views of a picture, row by row, with where each comes to lie. */
export function placedViews(lab: Lab, { columns = 1, views }: LabPicture): { readonly height: number; readonly placed: readonly Placed[] } {
  const width = Math.floor((WIDTH - 2 * PADDING - GAP * (columns - 1)) / columns);
  const placed: Placed[] = [];
  let y = PADDING;
  for (let first = 0; first < views.length; first += columns) {
    const row = views.slice(first, first + columns).map((view) => titled(viewScene(lab, view, width), view.title));
    placed.push(...row.map((scene, column) => ({ x: PADDING + column * (width + GAP), y, scene })));
    y += Math.max(...row.map(({ height }) => height)) + GAP;
  }
  return { height: Math.ceil(y - GAP + PADDING), placed };
}

/** With a line above it. */
function titled(scene: Scene, title: string | undefined): Scene {
  if (title === undefined) return scene;
  const down = (at: number): number => at + TITLE_PX;
  return {
    ...scene,
    height: down(scene.height),
    shapes: [text('text-strong', 0, FONT_PX, title), ...scene.shapes.map((shape) => (shape.kind === 'path' ? { ...shape, points: shape.points.map(([x, y]) => [x, down(y)] as const) } : { ...shape, y: down(shape.y) }))],
    marks: scene.marks.map((mark) => ({ ...mark, y: down(mark.y) })),
  };
}

function Card({ picture, title, height, placed }: { readonly picture: LabPicture; readonly title: string; readonly height: number; readonly placed: readonly Placed[] }) {
  return (
    <svg xmlns="http://www.w3.org/2000/svg" width={WIDTH} height={height} viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-labelledby="title description">
      <title id="title">{title}</title>
      <desc id="description">{picture.alt}</desc>
      <style />
      <defs>
        <HatchPatterns />
      </defs>
      <rect class="card" x="0.5" y="0.5" width={WIDTH - 1} height={height - 1} rx="6" />
      {placed.map(({ x, y, scene }, index) => (
        <g key={index} transform={`translate(${x} ${y})`}>
          <SceneView scene={scene} id={`view${index}`} active={null} onPoint={() => undefined} />
        </g>
      ))}
    </svg>
  );
}

const CARD_STYLE = `svg{font-family:system-ui,-apple-system,"Segoe UI",sans-serif;font-size:${FONT_PX}px;line-height:${LINE_PX}px}
.card{fill:#ffffff;stroke:#8c8c8c}
@media (prefers-color-scheme: dark){.card{fill:#1f1f1f;stroke:#767676}}`;
