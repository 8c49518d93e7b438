import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Trace } from '../../src/shared/trace.ts';
import { useStore } from '../context.ts';
import { Picture } from '../diagram/picture.tsx';
import { intentCount, intentTrace, retriesOf, type Retries } from '../diagram/retries.ts';
import { RetriesLegend } from '../diagram/retriesLegend.tsx';
import { retriesScene } from '../diagram/retriesScene.ts';
import { describeRetry, intentLabel, retriesState, retriesTakeaway } from '../diagram/retriesWords.ts';
import type { PlayerName } from '../store.ts';
import { Button, Dropdown } from '../ui/controls.tsx';
import { EventTable } from './eventTable.tsx';
import { ladderMoments } from './ladderMoments.ts';
import { momentAt } from './timeline.ts';
import { Transport } from './transport.tsx';
import { usePlayback } from './usePlayback.ts';
import { useWidth } from './useWidth.ts';

interface Props {
  readonly name: PlayerName;
  /** One simulated trace, or the predicted and the measured one. */
  readonly traces: readonly [Trace, Trace?];
  /** The sentence to remember, where the run's own is not it. */
  readonly sentence?: string;
}

interface Side {
  readonly title: string;
  readonly trace: Trace;
  readonly ladder: Retries;
}

/** From this width on (a panel of 640 px), predicted and measured stand side by side. */
const BESIDE_PX = 608;
const GAP_PX = 16;
const WIDEST = 480;
/** How many intents the list offers. */
const LISTED = 100;

/** One intent at a time: what was sent, what was lost, what the server remembered, how often it charged. */
export function RetriesPlayer({ name, traces, sentence }: Props): JSX.Element {
  const store = useStore();
  const [first, second] = traces;
  const intents = useMemo(() => Array.from({ length: Math.min(LISTED, intentCount(first)) }, (_, intent) => retriesOf(intentTrace(first, intent))), [first]);
  const takeaway = useMemo(() => retriesTakeaway(second ?? first), [first, second]);
  const [chosen, choose] = useState<number | null>(null);
  const intent = chosen !== null && chosen < intents.length ? chosen : mostTelling(intents);
  const sides = useMemo(() => sidesOf(intent, first, second), [intent, first, second]);
  const moments = useMemo(() => ladderMoments(sides), [sides]);
  const controls = usePlayback(name, moments);
  const { playback, playing } = controls;
  const element = useRef<HTMLDivElement>(null);
  const width = useWidth(element, second ? 2 * WIDEST + GAP_PX : WIDEST);
  const beside = sides.length > 1 && width >= BESIDE_PX;
  const pictureWidth = Math.min(WIDEST, beside ? Math.floor((width - GAP_PX) / 2) : width);
  const table = store.get().local.table[name];
  const seekTime = (timeNs: number): void => controls.seek(playback.axis === 'time' ? timeNs : momentAt(moments, timeNs));

  return (
    <div class={`trace-player${playing ? ' playing' : ''}`}>
      {sentence !== undefined && <p class="takeaway">{sentence}</p>}
      <p class={sentence === undefined ? 'takeaway' : 'quiet'}>{takeaway}</p>
      <div class="ladder-choice">
        <span>Intent</span>
        <Dropdown label="Intent" options={intents.map((each, index) => intentLabel(index, each))} selected={intent} onChange={choose} />
      </div>
      <div ref={element}>
        <div class={beside ? 'beside' : 'stacked'}>
          {sides.map(({ title, trace, ladder }, which) => {
            const row = moments[playback.moment]?.rows[which] ?? 0;
            return (
              <div key={which} class={second ? `side ${title.toLowerCase()}` : 'side'}>
                {second && <h4>{title}</h4>}
                <p class="state-line" aria-live={playing ? 'off' : 'polite'}>
                  {retriesState(ladder, row)}
                </p>
                {table ? (
                  <EventTable trace={trace} row={row} title={title} onSeek={seekTime} words={describeRetry} />
                ) : (
                  <Picture id={`${name}-retries-${which}`} scene={retriesScene(ladder, { width: pictureWidth, intent, axis: playback.axis, row })} hint="Point at a step, or focus the picture and use the arrow keys." />
                )}
              </div>
            );
          })}
        </div>
        <Transport controls={controls} moments={moments} />
        <div class="below-picture">
          {!table && <RetriesLegend />}
          <Button onClick={() => store.updateLocal({ table: { ...store.get().local.table, [name]: !table } })}>{table ? 'Show the picture' : 'Show all events as a table'}</Button>
        </div>
      </div>
    </div>
  );
}

/** The intent that was charged most often; of several, the one with the most attempts. */
function mostTelling(intents: readonly Retries[]): number {
  const weight = ({ charges, attempts }: Retries): number => Math.max(1, charges) * 1000 + attempts;
  return intents.reduce((best, each, index) => (weight(each) > weight(intents[best] as Retries) ? index : best), 0);
}

function sidesOf(intent: number, first: Trace, second: Trace | undefined): readonly Side[] {
  const side = (title: string, whole: Trace): Side => {
    const trace = intentTrace(whole, intent);
    return { title, trace, ladder: retriesOf(trace) };
  };
  return second ? [side('Predicted', first), side('Measured', second)] : [side('Simulated', first)];
}
