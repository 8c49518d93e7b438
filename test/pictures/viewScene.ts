import { sliderValues, simulateLab } from '../../src/labs/simulateLab.ts';
import { HumanError } from '../../src/shared/errors.ts';
import type { Lab, PictureView } from '../../src/shared/lab.ts';
import { rowsUntil, type Trace } from '../../src/shared/trace.ts';
import { acceptQueueScene } from '../../webview/diagram/acceptQueueScene.ts';
import { buffersOf } from '../../webview/diagram/buffers.ts';
import { buffersScene } from '../../webview/diagram/buffersScene.ts';
import { connectionTrace } from '../../webview/diagram/connectionTrace.ts';
import { copyOnWriteOf } from '../../webview/diagram/copyOnWrite.ts';
import { copyOnWriteScene } from '../../webview/diagram/copyOnWriteScene.ts';
import { coresOf } from '../../webview/diagram/cores.ts';
import { coresScene } from '../../webview/diagram/coresScene.ts';
import { eventLoopOf } from '../../webview/diagram/eventLoop.ts';
import { eventLoopScene } from '../../webview/diagram/eventLoopScene.ts';
import { intentsScene } from '../../webview/diagram/intentsScene.ts';
import { interleavingsOf, stateAt } from '../../webview/diagram/interleavings.ts';
import { interleavingsScene } from '../../webview/diagram/interleavingsScene.ts';
import { endWords } from '../../webview/diagram/interleavingsWords.ts';
import { ladderOf } from '../../webview/diagram/ladder.ts';
import { ladderScene } from '../../webview/diagram/ladderScene.ts';
import { knowledgeOf, limitsOf, SOMAXCONN, type Limits } from '../../webview/diagram/limits.ts';
import { backendsOf } from '../../webview/diagram/patterns.ts';
import { patternsScene } from '../../webview/diagram/patternsScene.ts';
import { intentsOf, intentTrace, retriesOf } from '../../webview/diagram/retries.ts';
import { retriesScene } from '../../webview/diagram/retriesScene.ts';
import type { Scene } from '../../webview/diagram/scene.ts';
import { beatMoments } from '../../webview/player/beatMoments.ts';
import { copyMoments } from '../../webview/player/copyOnWritePlayer.tsx';
import { connectionIds } from '../../webview/player/fold.ts';
import { ladderMoments } from '../../webview/player/ladderMoments.ts';
import { createPlayer } from '../../webview/player/player.ts';
import { momentsOf, type Moment } from '../../webview/player/timeline.ts';
import { coresPlotScene, gutterOf } from '../../webview/plot/coresPlotScene.ts';
import { depthScene } from '../../webview/plot/depthScene.ts';
import { LOOP_GUTTER, loopScene } from '../../webview/plot/loopScene.ts';
import { highestOf, SEQUENCE_GUTTER, sequenceScene } from '../../webview/plot/sequenceScene.ts';
import { timeScale, type TimeScale } from '../../webview/plot/timeScale.ts';

/** Free space right of a plot, as the panel leaves it. */
const PLOT_MARGIN = 8;

interface Drawing {
  readonly view: PictureView;
  readonly trace: Trace;
  readonly limits: Limits;
  /** In CSS pixels. */
  readonly width: number;
}

/** What the panel draws of a lab's simulation at a view's moment, `width` CSS pixels wide. Throws a HumanError for a view of what is not there. */
export function viewScene(lab: Lab, view: PictureView, width: number): Scene {
  const preset = lab.presets.find(({ id }) => id === view.preset);
  if (view.preset !== undefined && !preset) throw new HumanError(`The lab ${lab.id} has no preset "${view.preset}".`);
  const values = sliderValues(lab, { ...preset?.values, ...view.values });
  const drawn = DRAWN[lab.diagram]?.[view.draws ?? 'diagram'];
  if (!drawn) throw new HumanError(`The diagram "${lab.diagram}" has no ${view.draws ?? 'diagram'} to draw.`);
  return drawn({ view, width, trace: simulateLab(lab, values).trace, limits: limitsOf(values, values.somaxconn ?? SOMAXCONN) });
}

const DRAWN: Readonly<Partial<Record<Lab['diagram'], { readonly diagram: (drawing: Drawing) => Scene; readonly plot?: (drawing: Drawing) => Scene }>>> = {
  'accept-queue': {
    diagram({ view, trace, limits, width }) {
      const { row, timeNs } = standing(view, trace, momentsOf([trace]));
      const player = createPlayer(trace);
      const { dropped } = player.at(trace.timeNs.length);
      const reasons = (['accept-queue-full', 'syn-queue-full', 'lost'] as const).filter((reason) => reason === 'accept-queue-full' || dropped[reason] > 0);
      return acceptQueueScene(player.at(row, timeNs), { width, limits, knows: knowledgeOf(trace), reasons });
    },
    plot: ({ view, trace, limits, width }) => depthScene([trace], { width, limits, moments: momentsOf([trace]), axis: view.axis ?? 'time' }).scene,
  },
  ladder: {
    diagram({ view, trace: whole, width }) {
      const conn = named(view, connectionIds(whole), (id) => id);
      const trace = connectionTrace(whole, conn);
      const ladder = ladderOf(trace);
      return ladderScene(ladder, { width, conn, axis: view.axis ?? 'events', whole: view.axis !== 'time', ...standing(view, trace, ladderMoments([{ trace, ladder }])) });
    },
  },
  buffers: {
    diagram({ view, trace, width }) {
      const buffers = buffersOf(trace, named(view, connectionIds(trace), (id) => id));
      const { row, timeNs } = standing(view, trace, beatMoments([{ trace, beats: buffers.beats }]));
      return buffersScene(buffers.at(row, timeNs), buffers, { width, room: buffers.room });
    },
    plot({ view, trace, width }) {
      const buffers = buffersOf(trace, named(view, connectionIds(trace), (id) => id));
      const scale = plotScale({ view, trace, width }, buffers.beats, SEQUENCE_GUTTER);
      return sequenceScene(buffers, { width, scale, highest: highestOf([buffers]) });
    },
  },
  cores: {
    diagram({ view, trace, width }) {
      const cores = coresOf(trace);
      return coresScene(cores, { width, timeNs: standing(view, trace, beatMoments([{ trace, beats: cores.beats }])).timeNs });
    },
    plot({ view, trace, width }) {
      const cores = coresOf(trace);
      return coresPlotScene(cores, { width, scale: plotScale({ view, trace, width }, cores.beats, gutterOf([cores])), longestQueue: cores.longestQueue });
    },
  },
  'event-loop': {
    diagram({ view, trace, width }) {
      const loop = eventLoopOf(trace);
      const { row, timeNs } = standing(view, trace, beatMoments([{ trace, beats: loop.beats }]));
      return eventLoopScene(loop.at(row, timeNs), loop, { width, mostWaiting: loop.mostWaiting, mostInIo: loop.mostInIo });
    },
    plot({ view, trace, width }) {
      const loop = eventLoopOf(trace);
      return loopScene(loop, { width, scale: plotScale({ view, trace, width }, loop.beats, LOOP_GUTTER), mostWaiting: loop.mostWaiting });
    },
  },
  'copy-on-write': {
    diagram({ view, trace, width }) {
      const cow = copyOnWriteOf(trace);
      return copyOnWriteScene(cow.at(standing(view, trace, copyMoments([{ title: '', trace, cow }])).row), cow, { width });
    },
  },
  retries: {
    plot({ view, trace, width }) {
      return intentsScene(intentsOf(trace), { width, timeNs: view.atMs === undefined ? Infinity : view.atMs * 1e6 });
    },
    diagram({ view, trace: whole, width }) {
      const intent = Number(view.of ?? 1) - 1;
      const trace = intentTrace(whole, intent);
      const ladder = retriesOf(trace);
      if (ladder.rungs.length === 0) throw new HumanError(`There is no intent ${view.of ?? 1}.`);
      return retriesScene(ladder, { width, intent, axis: view.axis ?? 'events', row: standing(view, trace, ladderMoments([{ trace, ladder }])).row });
    },
  },
  interleavings: {
    diagram({ view, trace, width }) {
      const order = named(view, interleavingsOf(trace), endWords);
      const moments = beatMoments([{ trace: order.trace, beats: order.steps.map(({ row }) => row) }]);
      return interleavingsScene(order, { width, state: stateAt(order, standing(view, order.trace, moments).row) });
    },
  },
  patterns: {
    diagram({ view, trace, width }) {
      const all = backendsOf(trace);
      const backend = named(view, all.backends, ({ id }) => id);
      return patternsScene(backend, all, { width, ...standing(view, trace, beatMoments([{ trace, beats: all.beats }])) });
    },
  },
};

/** Where the view's moment is: how many rows have happened, and when. */
function standing({ atMs, atEvent }: PictureView, trace: Trace, moments: readonly Moment[]): { readonly row: number; readonly timeNs: number } {
  if (atMs !== undefined) return { row: rowsUntil(trace, atMs * 1e6), timeNs: atMs * 1e6 };
  const moment = moments[atEvent ?? moments.length - 1];
  if (!moment) throw new HumanError(`There is no event ${atEvent ?? 0}: the last one is ${moments.length - 1}.`);
  return { row: moment.rows[0] ?? 0, timeNs: moment.timeNs };
}

/** The one that the view names, or the first. */
function named<T>({ of }: PictureView, all: readonly T[], nameOf: (one: T) => string): T {
  const found = of === undefined ? all[0] : all.find((one) => nameOf(one) === of);
  if (found === undefined) throw new HumanError(`There is no "${of ?? ''}"; there is ${all.map(nameOf).join(', ') || 'nothing'}.`);
  return found;
}

function plotScale({ view, trace, width }: Omit<Drawing, 'limits'>, beats: readonly number[], gutter: number): TimeScale {
  return timeScale(beatMoments([{ trace, beats }]), view.axis ?? 'time', gutter, width - PLOT_MARGIN);
}
