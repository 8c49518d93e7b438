import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { eventAt, type Trace, type TraceEvent } from '../../src/shared/trace.ts';
import { formatNumber, formatTime } from '../format.ts';
import { describe } from './words.ts';

const ROW_PX = 24;
const VIEW_PX = 360;

interface Props {
  readonly trace: Trace;
  readonly row: number;
  readonly title: string;
  readonly onSeek: (timeNs: number) => void;
  /** An event as a sentence; of a TCP trace unless given. */
  readonly words?: ((event: TraceEvent) => string) | undefined;
}

/** Every row of a trace, however many: only those in view are in the page. */
export function EventTable({ trace, row, title, onSeek, words = describe }: Props): JSX.Element {
  const [top, setTop] = useState(0);
  const view = useRef<HTMLDivElement>(null);
  const count = trace.timeNs.length;
  useLayoutEffect(() => {
    const node = view.current;
    if (!node) return;
    const at = (row - 1) * ROW_PX;
    if (at < node.scrollTop || at > node.scrollTop + VIEW_PX - 2 * ROW_PX) node.scrollTop = Math.max(0, at - VIEW_PX / 2);
  }, [row]);

  const first = Math.max(0, Math.floor(top / ROW_PX) - 4);
  const last = Math.min(count, first + Math.ceil(VIEW_PX / ROW_PX) + 8);
  const rows = Array.from({ length: last - first }, (_, i) => first + i);
  return (
    <div class="event-table">
      <p class="quiet">
        {title}: {formatNumber(count)} events{trace.truncated === true ? '; the run had more and was cut off here' : ''}.
      </p>
      <div ref={view} class="event-rows" tabIndex={0} role="table" aria-label={`Events, ${title}`} aria-rowcount={count + 1} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
        <div class="event-row head" role="row" aria-rowindex={1}>
          <span role="columnheader">time</span>
          <span role="columnheader">what happened</span>
        </div>
        <div class="event-space" style={{ height: `${count * ROW_PX}px` }} role="rowgroup">
          {rows.map((index) => {
            const event = eventAt(trace, index);
            return (
              <div key={index} class={`event-row${index === row - 1 ? ' now' : ''}`} style={{ transform: `translateY(${index * ROW_PX}px)` }} role="row" aria-rowindex={index + 2} onClick={() => onSeek(event.timeNs)}>
                <span role="cell">{formatTime(event.timeNs)}</span>
                <span role="cell">{words(event)}</span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
