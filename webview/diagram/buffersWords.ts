import { formatNumber, formatTime } from '../format.ts';
import type { Announcement, Buffers, BufferState } from './buffers.ts';

const KIB = 1024;

/** 284 B, 93 KiB, 2.51 MiB. */
export function formatBytes(bytes: number): string {
  if (bytes < KIB) return `${formatNumber(bytes)} B`;
  if (bytes < KIB * KIB) return `${formatNumber(bytes / KIB)} KiB`;
  return `${formatNumber(bytes / KIB / KIB)} MiB`;
}

/** How many bytes more may be in flight, and who says so; null where nothing tells. */
export function allowance({ acked, windowEnd, cwnd }: BufferState): { readonly bytes: number; readonly by: 'the receive window' | 'the congestion window' } | null {
  if (windowEnd === null) return null;
  const window = windowEnd - acked;
  return cwnd !== null && cwnd < window ? { bytes: cwnd, by: 'the congestion window' } : { bytes: window, by: 'the receive window' };
}

/** The line of state: who waits for whom. */
export function buffersState(state: BufferState, { writer, reader, seesSegments }: Buffers): string {
  const held = state.written - state.acked;
  if (state.written === 0) return `The ${writer} has written nothing yet.`;
  const parts = [`The ${writer}’s kernel holds ${formatBytes(held)}, the ${reader}’s ${formatBytes(state.queued)}; ${formatBytes(state.read)} have been read.`];
  const may = allowance(state);
  if (may?.bytes === 0) parts.push(`The window is shut: the ${writer} may send nothing.`);
  else if (may && state.sent - state.acked >= may.bytes && held > 0) parts.push(`As much is in flight as ${may.by} allows; the ${writer} waits for an ACK.`);
  else if (!seesSegments) parts.push('The window is not to be seen here.');
  return parts.join(' ');
}

/** The sentence to remember of a connection. */
export function buffersTakeaway(buffers: Buffers, last: BufferState): string {
  const { writer, reader, announcements } = buffers;
  const shut = announcements.find(isShut);
  if (last.written === 0) return 'Nothing was written.';
  if (!shut) return `The window never shut: the ${reader} took ${formatBytes(last.acked)} of the ${formatBytes(last.written)} that were written.`;
  const reopened = announcements.find((news) => news.timeNs > shut.timeNs && !isShut(news));
  const until = reopened ? `, until ${formatTime(reopened.timeNs)}` : ', to the end';
  return `The stopped reader stops the writer: at ${formatTime(shut.timeNs)} the window is shut${until}, and what the ${writer} wrote waits in its own kernel.`;
}

export function isShut({ acked, windowEnd }: Announcement): boolean {
  return windowEnd <= acked && acked > 0;
}
