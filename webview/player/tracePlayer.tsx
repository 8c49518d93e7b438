import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { SynDropReason } from '../../src/shared/tcpTrace.ts';
import { acceptQueueScene } from '../diagram/acceptQueueScene.ts';
import { Legend } from '../diagram/legend.tsx';
import { knowledgeOf, type Knowledge, type Limits } from '../diagram/limits.ts';
import { withGhosts } from '../diagram/ghosts.ts';
import { Picture } from '../diagram/picture.tsx';
import type { Scene } from '../diagram/scene.ts';
import { DepthPlot } from '../plot/depthPlot.tsx';
import { connectionIds } from './fold.ts';
import type { Frame } from './frame.ts';
import { createPlayer, type Player } from './player.ts';
import { SidesPlayer, sidesOf, type Place, type PlayerProps, type Side } from './sidesPlayer.tsx';
import { takeaway } from './takeaway.ts';
import { momentsOf } from './timeline.ts';
import { useReducedMotion } from './useReducedMotion.ts';
import { stateLine } from './words.ts';

interface Props extends PlayerProps {
  readonly limits: Limits;
  /** False where the lab has no picture of its own: plot and table only. */
  readonly diagram: boolean;
}

interface QueueSide extends Side {
  readonly player: Player;
  readonly knows: Knowledge;
}

/** The accept queue: a takeaway, a line of state, the picture, the transport, the plot, and the same as a table. */
export function TracePlayer({ name, traces, limits, sentence, diagram }: Props): JSX.Element {
  const [first, second] = traces;
  // Both sides tell of the same connections, also where a measurement never met one of them.
  const sides = useMemo(() => {
    const ids = [...new Set([...connectionIds(first), ...(second ? connectionIds(second) : [])])];
    return sidesOf(traces, (title, trace): QueueSide => ({ title, trace, player: createPlayer(trace, ids), knows: knowledgeOf(trace) }));
  }, [first, second]);
  const moments = useMemo(() => momentsOf(sides.map(({ trace }) => trace)), [sides]);
  const remember = useMemo(() => sentence ?? takeaway(first, limits), [sentence, first, limits]);
  const reasons = useMemo(() => reasonsOf(sides), [sides]);
  const still = useReducedMotion();
  const frameOf = ({ side, row, timeNs }: Place<QueueSide>): Frame => side.player.at(row, timeNs);
  const rowBefore = ({ which, controls }: Place<QueueSide>): number => moments[controls.playback.moment - 1]?.rows[which] ?? 0;
  const sceneOf = (place: Place<QueueSide>): Scene => {
    const { side, width, controls } = place;
    const draw = (frame: Frame): Scene => acceptQueueScene(frame, { width, limits, knows: side.knows, reasons });
    const scene = draw(frameOf(place));
    return still && controls.playback.moment > 0 && !controls.playing ? withGhosts(draw(side.player.at(rowBefore(place))), scene) : scene;
  };

  return (
    <SidesPlayer
      name={name}
      sides={sides}
      moments={moments}
      widest={720}
      head={<p class="takeaway">{remember}</p>}
      state={(place) => stateLine(place.side.trace, frameOf(place), rowBefore(place))}
      picture={(place) => diagram && <Picture id={`${name}-diagram-${place.which}`} scene={sceneOf(place)} hint="Point at a part, or focus the picture and use the arrow keys." />}
      shared={(controls, width) => <DepthPlot name={name} traces={traces} limits={limits} moments={moments} controls={controls} width={width} />}
      legend={diagram && <Legend />}
    />
  );
}

/** Which lines the tray needs; the accept queue's is always there. */
function reasonsOf(sides: readonly QueueSide[]): SynDropReason[] {
  const totals = sides.map(({ player }) => player.at(player.trace.timeNs.length).dropped);
  const order: readonly SynDropReason[] = ['accept-queue-full', 'syn-queue-full', 'lost'];
  return order.filter((reason) => reason === 'accept-queue-full' || totals.some((total) => total[reason] > 0));
}
