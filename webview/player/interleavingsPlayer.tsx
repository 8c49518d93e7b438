import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Trace } from '../../src/shared/trace.ts';
import { useStore } from '../context.ts';
import { interleavingsOf, stateAt, type Interleaving } from '../diagram/interleavings.ts';
import { InterleavingsLegend } from '../diagram/interleavingsLegend.tsx';
import { interleavingsScene } from '../diagram/interleavingsScene.ts';
import { describeThreads, endWords, interleavingsTakeaway, interleavingState, scheduleText } from '../diagram/interleavingsWords.ts';
import { Picture } from '../diagram/picture.tsx';
import { formatNumber, plural } from '../format.ts';
import { Button } from '../ui/controls.tsx';
import { beatMoments } from './beatMoments.ts';
import { SidesPlayer, type PlayerProps, type Side } from './sidesPlayer.tsx';
import type { Moment } from './timeline.ts';

interface OrderSide extends Side {
  readonly order: Interleaving;
}

/** One order of steps at a time, chosen from the tally of what all orders come to; two where predicted and measured stand side by side. */
export function InterleavingsPlayer({ name, traces, sentence }: PlayerProps): JSX.Element | null {
  const [first, second] = traces;
  const all = useMemo(() => interleavingsOf(first), [first]);
  const measured = useMemo(() => (second ? interleavingsOf(second) : []), [second]);
  const [chosen, choose] = useState<string | null>(null);
  const order = all.find((each) => endWords(each) === chosen) ?? all.find(({ serial }) => serial === false) ?? all[0];
  const twin = order && measured.find((each) => endWords(each) === endWords(order));
  const sides = useMemo(() => sidesOf(order, twin, second), [order, twin, second]);
  const moments = useMemo(() => stepMoments(sides), [sides]);
  if (!order) return null;
  const head = (
    <>
      <p class="takeaway">{sentence ?? interleavingsTakeaway(all)}</p>
      {all.length > 1 && <Tally orders={all} chosen={order} onChoose={(one) => choose(endWords(one))} />}
      <Schedule order={order} />
    </>
  );
  return (
    <SidesPlayer
      name={name}
      sides={sides}
      moments={moments}
      widest={720}
      timeless
      head={head}
      state={({ side, row }) => interleavingState(stateAt(side.order, row), side.order)}
      picture={({ side, which, row, width }) => (
        <Picture id={`${name}-order-${which}`} scene={interleavingsScene(side.order, { width, state: stateAt(side.order, row) })} hint="Point at a step, or focus the picture and use the arrow keys." />
      )}
      legend={<InterleavingsLegend />}
      words={describeThreads}
    />
  );
}

/** A moment for each step, of both sides together where they have as many: of an order of steps the time says no more than the step's number. */
function stepMoments(sides: readonly OrderSide[]): readonly Moment[] {
  const moments = beatMoments(sides.map(({ order }) => ({ trace: order.trace, beats: order.steps.map(({ row }) => row) })));
  return moments.filter(({ timeNs }, index) => timeNs !== moments[index + 1]?.timeNs);
}

/** What the orders come to, and how many do: each can be played. */
function Tally({ orders, chosen, onChoose }: { readonly orders: readonly Interleaving[]; readonly chosen: Interleaving; readonly onChoose: (order: Interleaving) => void }): JSX.Element {
  return (
    <div class="presets outcomes" role="group" aria-label="Outcomes">
      {orders.map((order) => (
        <button key={endWords(order)} type="button" class="preset" aria-pressed={order === chosen} onClick={() => onChoose(order)}>
          {endWords(order)}
          {order.interleavings !== null && `: ${countOf(order.interleavings)}`}
          {order.serial === false && ' ✕'}
        </button>
      ))}
    </div>
  );
}

function countOf(interleavings: number | string): string {
  return typeof interleavings === 'number' ? plural(interleavings, 'order') : `${formatNumber(Number(interleavings))} orders`;
}

/** The order as text, to be copied. */
function Schedule({ order }: { readonly order: Interleaving }): JSX.Element {
  const store = useStore();
  const schedule = scheduleText(order);
  return (
    <p class="schedule">
      <span>
        The order shown: <code>{schedule}</code>, {formatNumber(order.switches)} thread {order.switches === 1 ? 'switch' : 'switches'}
      </span>{' '}
      <Button label={`Copy the order ${schedule}`} onClick={() => void store.request('copyText', { text: schedule })}>
        Copy
      </Button>
    </p>
  );
}

function sidesOf(order: Interleaving | undefined, twin: Interleaving | undefined, measured: Trace | undefined): readonly OrderSide[] {
  if (!order) return [];
  const side = (title: string, one: Interleaving): OrderSide => ({ title, trace: one.trace, order: one });
  if (!measured) return [side(order.trace.source === 'measured' ? 'Your code' : 'Simulated', order)];
  return twin ? [side('Predicted', order), side('Measured', twin)] : [side('Predicted', order)];
}
