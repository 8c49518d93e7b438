import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { copyOnWriteOf, type CopyOnWrite } from '../diagram/copyOnWrite.ts';
import { CopyOnWriteLegend } from '../diagram/copyOnWriteLegend.tsx';
import { copyOnWriteScene } from '../diagram/copyOnWriteScene.ts';
import { copyState, copyTakeaway, describeCopy } from '../diagram/copyOnWriteWords.ts';
import { Picture } from '../diagram/picture.tsx';
import { SidesPlayer, sidesOf, type PlayerProps, type Side } from './sidesPlayer.tsx';
import type { Moment } from './timeline.ts';

interface CopySide extends Side {
  readonly cow: CopyOnWrite;
}

/** A parent that writes to memory which it shares with its child: tables, frames and pointers, write by write or sample by sample. */
export function CopyOnWritePlayer({ name, traces, sentence }: PlayerProps): JSX.Element {
  const sides = useMemo(() => sidesOf(traces, (title, trace): CopySide => ({ title, trace, cow: copyOnWriteOf(trace) })), [...traces]);
  const moments = useMemo(() => copyMoments(sides), [sides]);
  return (
    <SidesPlayer
      name={name}
      sides={sides}
      moments={moments}
      widest={640}
      head={<p class="takeaway">{sentence ?? copyTakeaway((sides[0] as CopySide).cow)}</p>}
      state={({ side, row, timeNs }) => copyState(side.cow.at(row), side.cow, sides.length > 1 ? ownTime(side, row) : timeNs)}
      picture={({ side: { cow }, which, row, width }) => (
        <Picture id={`${name}-copies-${which}`} scene={copyOnWriteScene(cow.at(row), cow, { width })} hint="Point at a row of pages, or focus the picture and use the arrow keys." />
      )}
      legend={<CopyOnWriteLegend />}
      words={describeCopy}
    />
  );
}

/**
 * Twins go side by side by how many writes there were, not by the clock: what is compared is what a number of writes copies,
 * and a real process that is asked in between takes longer. The time is the first side's.
 */
export function copyMoments(sides: readonly CopySide[]): Moment[] {
  const [first, ...others] = sides as readonly [CopySide, ...CopySide[]];
  const rowsBy = ({ cow }: CopySide, writes: number): number => cow.beats.findLast((beat) => beat.writes <= writes)?.rows ?? 0;
  const steps = first.cow.beats.map(({ rows, writes }) => ({ timeNs: first.trace.timeNs[rows - 1] as number, rows: [rows, ...others.map((side) => rowsBy(side, writes))] }));
  return [{ timeNs: 0, rows: sides.map(() => 0) }, ...steps];
}

function ownTime({ trace }: CopySide, row: number): number {
  return trace.timeNs[row - 1] ?? 0;
}
