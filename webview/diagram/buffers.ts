import { TCP_KIND, type TcpHost } from '../../src/shared/tcpTrace.ts';
import { eventAt, rowsUntil, type Trace, type TraceEvent } from '../../src/shared/trace.ts';

/** What both ends of one connection hold at one moment, in bytes of the stream from the writer to the reader. */
export interface BufferState {
  /** Acknowledged, as far as the writer knows. */
  readonly acked: number;
  /** Sent for the first time. */
  readonly sent: number;
  /** Taken by the writer's kernel. */
  readonly written: number;
  /** Come in order to the reader's kernel and not read. */
  readonly queued: number;
  /** Read by the reader's program. */
  readonly read: number;
  /** Offset up to which the reader takes bytes, as far as the writer knows; null where nothing tells. */
  readonly windowEnd: number | null;
  /** Congestion window in bytes; null where nothing tells. */
  readonly cwnd: number | null;
}

/** A segment with payload from the writer, in bytes of the stream. */
export interface DataSegment {
  readonly row: number;
  readonly timeNs: number;
  readonly from: number;
  readonly to: number;
  /** It holds nothing that was not sent before. */
  readonly again: boolean;
  readonly lost: boolean;
}

/** An announcement of the reader, when it reached the writer. */
export interface Announcement {
  readonly timeNs: number;
  readonly acked: number;
  readonly windowEnd: number;
}

export interface Buffers {
  readonly writer: TcpHost;
  readonly reader: TcpHost;
  /** False where a measurement could not look at the segments. */
  readonly seesSegments: boolean;
  readonly segments: readonly DataSegment[];
  readonly announcements: readonly Announcement[];
  /** How far it was acknowledged, and from when on; where no segments are seen, how far it had come. */
  readonly acks: readonly (readonly [timeNs: number, bytes: number])[];
  /** The most that the reader's buffer and its window ever span: what its ruler has room for. */
  readonly room: number;
  /** The state when `row` rows have happened, at `timeNs`. */
  at(row: number, timeNs: number): BufferState;
  /** Row counts after which there is something new to see. */
  readonly beats: readonly number[];
}

interface Change {
  readonly timeNs: number;
  readonly row: number;
  readonly state: BufferState;
}

type Step = (before: BufferState) => BufferState;

const NOTHING: BufferState = { acked: 0, sent: 0, written: 0, queued: 0, read: 0, windowEnd: null, cwnd: null };

/** Reads a trace of `conn`. The writer is the end that has more to say. */
export function buffersOf(trace: Trace, conn: string): Buffers {
  const writer = writerOf(trace, conn);
  const reader = writer === 'client' ? 'server' : 'client';
  const [writing, reading] = [`${writer}:${conn}`, `${reader}:${conn}`];
  const seesSegments = trace.kinds.includes(TCP_KIND.segment);
  const steps: { timeNs: number; row: number; step: Step }[] = [];
  const segments: DataSegment[] = [];
  const announcements: Announcement[] = [];
  const beats: number[] = [];
  let sent = 0;
  let mss = 0;
  for (let row = 0; row < trace.timeNs.length; row++) {
    const event = eventAt(trace, row);
    if (event.entity !== writing && event.entity !== reading) continue;
    const { kind, timeNs, value, entity } = event;
    const add = (step: Step, at = timeNs, rows = row + 1): unknown => steps.push({ timeNs: at, row: rows, step });
    if (kind === TCP_KIND.segment && !event.detail?.flags?.toString().includes('S')) {
      beats.push(row + 1);
      if (entity === writing && value > 0) {
        const segment = segmentOf(event, row, sent);
        segments.push(segment);
        sent = Math.max(sent, segment.to);
        mss = Math.max(mss, value);
        add((before) => ({ ...before, sent: Math.max(before.sent, segment.to), written: Math.max(before.written, segment.to) }));
      }
      const arriveNs = event.detail?.arriveNs;
      // What is still on its way when the trace ends has told nobody anything.
      if (entity === reading && typeof arriveNs === 'number' && arriveNs <= trace.durationNs) {
        const news = announcementOf(event, arriveNs);
        announcements.push(news);
        add((before) => ({ ...before, acked: Math.max(before.acked, news.acked), windowEnd: Math.max(news.windowEnd, news.acked) }), arriveNs, arriveNs === timeNs ? row + 1 : rowsUntil(trace, arriveNs));
      }
    }
    if (kind === TCP_KIND.event && value > 0) beats.push(row + 1);
    if (kind === TCP_KIND.event && entity === reading && event.detail?.event === 'received') add((before) => ({ ...before, read: before.read + value }));
    if (kind === TCP_KIND.receiveQueue && entity === reading) {
      if (!seesSegments) beats.push(row + 1);
      add((before) => (seesSegments ? { ...before, queued: value } : unseen(before, value)));
    }
    if (kind === TCP_KIND.sendQueue && entity === writing) {
      if (!seesSegments) beats.push(row + 1);
      // Samples of two tables may tell of the same bytes twice for a moment; only segments say for sure what was sent.
      add((before) => ({ ...before, written: seesSegments ? Math.max(before.written, before.acked + value) : before.acked + value }));
    }
    if (kind === TCP_KIND.cwnd && entity === writing) add((before) => ({ ...before, cwnd: value * Math.max(1, mss) }));
  }
  const changes = folded(steps);
  const acks = changes.map(({ timeNs: at, state }) => [at, state.acked] as const).filter(([, acked], index, all) => acked !== (all[index - 1]?.[1] ?? 0));
  const room = changes.reduce((most, { state }) => Math.max(most, state.queued, (state.windowEnd ?? 0) - state.read), 1);
  return { writer, reader, seesSegments, segments, announcements: announcements.sort((a, b) => a.timeNs - b.timeNs), acks, room, beats: withCompany(trace, beats), at: (row, timeNs) => stateAt(changes, row, timeNs) };
}

/** What came with a beat, at its time and before the next one, belongs to it. */
function withCompany({ timeNs }: Trace, beats: readonly number[]): number[] {
  return beats.map((rows, index) => {
    const next = beats[index + 1] ?? timeNs.length + 1;
    let end = rows;
    while (end + 1 < next && end < timeNs.length && timeNs[end] === timeNs[rows - 1]) end++;
    return end;
  });
}

function writerOf(trace: Trace, conn: string): TcpHost {
  const bytes = { client: 0, server: 0 };
  for (let row = 0; row < trace.timeNs.length; row++) {
    const { kind, entity, value } = eventAt(trace, row);
    const host = entity === `client:${conn}` ? 'client' : entity === `server:${conn}` ? 'server' : null;
    if (host && (kind === TCP_KIND.segment || kind === TCP_KIND.sendQueue)) bytes[host] = Math.max(bytes[host], value);
  }
  return bytes.server > bytes.client ? 'server' : 'client';
}

/** Sequence numbers count the SYN as 0; the first byte of data is 1. */
function segmentOf({ timeNs, value, detail }: TraceEvent, row: number, sentBefore: number): DataSegment {
  const from = Number(detail?.seq ?? 1) - 1;
  return { row, timeNs, from, to: from + value, again: from + value <= sentBefore, lost: detail?.arriveNs === null };
}

function announcementOf({ detail }: TraceEvent, timeNs: number): Announcement {
  const acked = Math.max(0, Number(detail?.ack ?? 1) - 1);
  return { timeNs, acked, windowEnd: acked + Number(detail?.win ?? 0) };
}

/** On loopback, what is acknowledged has been received: the receive queue tells of it where no segment does. */
function unseen(before: BufferState, queued: number): BufferState {
  const came = Math.max(before.acked, before.read + queued);
  return { ...before, queued, acked: came, sent: Math.max(before.sent, came), written: Math.max(before.written, came) };
}

function folded(steps: { timeNs: number; row: number; step: Step }[]): Change[] {
  let state = NOTHING;
  return steps.sort((a, b) => a.timeNs - b.timeNs || a.row - b.row).map(({ timeNs, row, step }) => ({ timeNs, row, state: (state = step(state)) }));
}

/** Of rows at one time, those that have happened; what arrives between rows, by its time. */
function stateAt(changes: readonly Change[], row: number, timeNs: number): BufferState {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const change = changes[middle] as Change;
    if (change.timeNs <= timeNs && change.row <= row) low = middle + 1;
    else high = middle;
  }
  return changes[low - 1]?.state ?? NOTHING;
}
