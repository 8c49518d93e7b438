import type { ComponentChildren, JSX } from 'preact';
import type { Mark, Role, Scene, Shape } from './scene.ts';

interface SceneProps {
  readonly scene: Scene;
  /** Beginning of the marks' element ids. */
  readonly id: string;
  /** The mark that is focused or pinned. */
  readonly active: string | null;
  readonly onPoint: (mark: string | null) => void;
  readonly onPointer?: ((event: PointerEvent) => void) | undefined;
  /** Told of a click on a mark. */
  readonly onChoose?: ((mark: string) => void) | undefined;
  /** Drawn on top. */
  readonly children?: ComponentChildren;
}

/** Draws any scene as SVG: the one renderer. Looks come from main.css by role. */
export function SceneView({ scene, id, active, onPoint, onPointer, onChoose, children }: SceneProps): JSX.Element {
  return (
    <svg class={onChoose ? 'scene choosable' : 'scene'} width={scene.width} height={round(scene.height)} viewBox={`0 0 ${scene.width} ${round(scene.height)}`} role="img" aria-label={scene.name} onPointerDown={onPointer} onPointerMove={onPointer}>
      <g aria-hidden="true">{scene.shapes.map(Drawn)}</g>
      {scene.marks.map((mark) => (
        <MarkView key={mark.id} mark={mark} id={`${id}-${mark.id}`} active={mark.id === active} onPoint={onPoint} onChoose={onChoose} />
      ))}
      {children}
    </svg>
  );
}

function MarkView({ mark, id, active, onPoint, onChoose }: { mark: Mark; id: string; active: boolean; onPoint: SceneProps['onPoint']; onChoose: SceneProps['onChoose'] }): JSX.Element {
  const place = { transform: `translate(${round(mark.x)}px, ${round(mark.y)}px)` };
  const looks = `mark${mark.moves ? ' moves' : ''}${active ? ' active' : ''}`;
  return (
    <g id={id} class={looks} style={place} onPointerEnter={() => onPoint(mark.id)} onPointerLeave={() => onPoint(null)} onClick={onChoose && (() => onChoose(mark.id))}>
      {mark.shapes.map(Drawn)}
    </g>
  );
}

/** Roles that carry a hatch besides their colour, which alone would not do. */
const HATCHES: Readonly<Partial<Record<Role, string>>> = { connecting: 'url(#hatch-waiting)', 'bytes-waiting': 'url(#hatch-waiting)', 'simulated-area': 'url(#hatch-waiting)', difference: 'url(#hatch-lost)', failed: 'url(#hatch-lost)', 'half-fill': 'url(#hatch-waiting)', 'not-permitted': 'url(#hatch-not-permitted)' };

function Drawn(shape: Shape, key: number): JSX.Element {
  const looks = `s-${shape.role}`;
  const hatch = HATCHES[shape.role];
  if (!hatch || shape.kind === 'text') return drawn(shape, looks, key);
  return (
    <g key={key}>
      {drawn(shape, looks, 0)}
      {drawn(shape, 's-hatch', 1, hatch)}
    </g>
  );
}

function drawn(shape: Shape, looks: string, key: number, fill?: string): JSX.Element {
  switch (shape.kind) {
    case 'rect':
      return <rect key={key} class={looks} fill={fill} x={round(shape.x)} y={round(shape.y)} width={round(Math.max(0, shape.width))} height={round(Math.max(0, shape.height))} rx={shape.radius} />;
    case 'circle':
      return <circle key={key} class={looks} fill={fill} cx={round(shape.x)} cy={round(shape.y)} r={round(shape.radius)} />;
    case 'path':
      return <path key={key} class={looks} fill={fill} d={pathOf(shape.points, shape.closed === true)} />;
    case 'arc':
      return <path key={key} class={looks} d={arcOf(shape.x, shape.y, shape.radius, shape.share)} />;
    case 'text':
      return (
        <text key={key} class={looks} x={round(shape.x)} y={round(shape.y)} text-anchor={shape.anchor}>
          {shape.text}
        </text>
      );
  }
}

function pathOf(points: readonly (readonly [number, number])[], closed: boolean): string {
  return `M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}${closed ? 'Z' : ''}`;
}

/** Part of a circle's rim, clockwise from the top. */
function arcOf(x: number, y: number, radius: number, share: number): string {
  const part = Math.max(0, Math.min(0.9999, share));
  const angle = part * 2 * Math.PI;
  const end = [round(x + radius * Math.sin(angle)), round(y - radius * Math.cos(angle))];
  return `M${round(x)} ${round(y - radius)}A${round(radius)} ${round(radius)} 0 ${part > 0.5 ? 1 : 0} 1 ${end.join(' ')}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
