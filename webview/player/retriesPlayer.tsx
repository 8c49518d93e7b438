import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { intentsScene } from '../diagram/intentsScene.ts';
import { Picture } from '../diagram/picture.tsx';
import { intentsOf, intentTrace, retriesOf, type Retries } from '../diagram/retries.ts';
import { RetriesLegend } from '../diagram/retriesLegend.tsx';
import { retriesScene } from '../diagram/retriesScene.ts';
import { describeRetry, intentLabel, retriesState, retriesTakeaway } from '../diagram/retriesWords.ts';
import { Dropdown } from '../ui/controls.tsx';
import { ladderMoments } from './ladderMoments.ts';
import { SidesPlayer, sidesOf, type PlayerProps, type Side } from './sidesPlayer.tsx';
import type { Moment } from './timeline.ts';

interface RetriesSide extends Side {
  /** The intent that is played, and all of them. */
  readonly ladder: Retries;
  readonly intents: readonly Retries[];
  /** How long the whole run took, as if all intents had begun together. */
  readonly endNs: number;
}

/** How many intents the list offers. */
const LISTED = 100;

/** All intents at a glance, and one of them step by step: what was sent, what was lost, what the server remembered, how often it charged. */
export function RetriesPlayer({ name, traces, sentence }: PlayerProps): JSX.Element {
  const [first, second] = traces;
  const intents = useMemo(() => intentsOf(first, LISTED), [first]);
  const measured = useMemo(() => second && intentsOf(second, LISTED), [second]);
  const takeaway = useMemo(() => retriesTakeaway(second ?? first), [first, second]);
  const [chosen, choose] = useState<number | null>(null);
  const intent = chosen !== null && chosen < intents.length ? chosen : mostTelling(intents);
  const sides = useMemo(
    () =>
      sidesOf(traces, (title, whole): RetriesSide => {
        const trace = intentTrace(whole, intent);
        return { title, trace, ladder: retriesOf(trace), intents: whole === second ? (measured ?? []) : intents, endNs: whole.timeNs.at(-1) ?? 0 };
      }),
    [intent, first, second],
  );
  const moments = useMemo(() => toTheEnd(sides), [sides]);

  return (
    <SidesPlayer
      name={name}
      sides={sides}
      moments={moments}
      widest={480}
      head={
        <>
          {sentence !== undefined && <p class="takeaway">{sentence}</p>}
          <p class={sentence === undefined ? 'takeaway' : 'quiet'}>{takeaway}</p>
          <div class="ladder-choice">
            <span>Intent</span>
            <Dropdown label="Intent" options={intents.map((each, index) => intentLabel(index, each))} selected={intent} onChange={choose} />
          </div>
        </>
      }
      state={({ side, row }) => `Intent ${intent + 1}: ${retriesState(side.ladder, row)}`}
      picture={({ side, which, row, timeNs, width, controls }) => (
        <>
          <Picture
            id={`${name}-intents-${which}`}
            scene={intentsScene(side.intents, { width, timeNs, played: { intent, row }, ...(which > 0 && { expected: intents }) })}
            hint="Click an intent to see it below; by keyboard, arrow keys and Enter."
            onChoose={(mark) => choose(Number(mark.split('-')[1]))}
          />
          <Picture id={`${name}-retries-${which}`} scene={retriesScene(side.ladder, { width, intent, axis: controls.playback.axis, row })} hint="Point at a step, or focus the picture and use the arrow keys." />
        </>
      )}
      legend={<RetriesLegend twins={second !== undefined} />}
      words={describeRetry}
    />
  );
}

/** The steps of the intent that is played, and the moment at which all others are through too. */
function toTheEnd(sides: readonly RetriesSide[]): readonly Moment[] {
  const moments = ladderMoments(sides);
  const endNs = Math.max(...sides.map((side) => side.endNs));
  const last = moments.at(-1) as Moment;
  return endNs > last.timeNs ? [...moments, { timeNs: endNs, rows: last.rows }] : moments;
}

/** The intent that was charged most often; of several, the one with the most attempts. */
function mostTelling(intents: readonly Retries[]): number {
  const weight = ({ charges, attempts }: Retries): number => Math.max(1, charges) * 1000 + attempts;
  return intents.reduce((best, each, index) => (weight(each) > weight(intents[best] as Retries) ? index : best), 0);
}
