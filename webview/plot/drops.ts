import type { SynDropReason } from '../../src/shared/tcpTrace.ts';
import type { Trace } from '../../src/shared/trace.ts';
import { cross, text, type Mark } from '../diagram/scene.ts';
import { formatNumber, formatTime, plural } from '../format.ts';
import type { Moment } from '../player/timeline.ts';
import { dropsOf } from './series.ts';
import type { TimeScale } from './timeScale.ts';

/** Drops nearer than this share one ✕ with their number. */
const BUCKET_PX = 56;

/** A ✕ where connections were turned away; where they crowd, one ✕ with a count, so that none goes missing. */
export function dropMarks(trace: Trace, moments: readonly Moment[], reasons: readonly SynDropReason[], scale: TimeScale, y: number): Mark[] {
  const buckets: { x: number; first: number; last: number; conns: string[] }[] = [];
  for (const { moment, conns } of dropsOf(trace, moments, reasons)) {
    const x = scale.x(moment);
    const bucket = buckets.at(-1);
    if (bucket && x - bucket.x < BUCKET_PX) {
      bucket.conns.push(...conns);
      bucket.last = moment;
    } else buckets.push({ x, first: moment, last: moment, conns: [...conns] });
  }
  return buckets.map(({ x, first, last, conns }) => {
    const when = `${formatTime((moments[first] as Moment).timeNs)}${last > first ? ` to ${formatTime((moments[last] as Moment).timeNs)}` : ''}`;
    const who = conns.length > 6 ? `${conns.slice(0, 6).join(', ')} and ${conns.length - 6} more` : conns.join(', ');
    const count = conns.length > 1 ? [text('text-lost', x > scale.right - 30 ? -8 : 8, 4, formatNumber(conns.length), x > scale.right - 30 ? 'end' : 'start')] : [];
    return { id: `drops-${reasons[0] ?? ''}-${first}`, x, y, name: `${plural(conns.length, 'drop')} at ${when}: ${who}.`, shapes: [...cross(0, 0, 4), ...count] };
  });
}
