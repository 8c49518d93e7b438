import { TCP_KIND, type SynDropReason, type TcpHost } from '../../src/shared/tcpTrace.ts';
import { eventAt, type Trace, type TraceEvent } from '../../src/shared/trace.ts';
import { LOST_STAYS_NS, PILE, segmentName, type ConnFrame, type Drop, type Flight, type Frame, type ServerPlace } from './frame.ts';

/** The running state of a trace, row after row. Immutable connections make a copy cheap enough for checkpoints. */
export class Fold {
  private conns: ConnFrame[];
  private readonly indexOf: ReadonlyMap<string, number>;
  private flights: Flight[] = [];
  private pruneAt = 64;
  private fallen: Drop[] = [];
  private pile: Drop[] = [];
  private dropped: Record<SynDropReason, number> = { 'accept-queue-full': 0, 'syn-queue-full': 0, lost: 0 };
  private synQueue = 0;
  private acceptQueue = 0;
  private descriptors = 0;
  private arrivals = 0;
  private lastNs = 0;
  /** Where segments are recorded, a lost one is counted by its own row. */
  private readonly hasSegments: boolean;
  row = 0;

  /** `ids`: the connections to tell of, where another trace knows of more. */
  constructor(
    private readonly trace: Trace,
    ids: readonly string[] = connectionIds(trace),
  ) {
    this.hasSegments = trace.kinds.includes(TCP_KIND.segment);
    this.indexOf = new Map(ids.map((id, index) => [id, index]));
    this.conns = ids.map((id) => ({
      id,
      client: 'not-started',
      server: 'none',
      sinceNs: 0,
      order: 0,
      refused: false,
      descriptor: null,
      syns: 0,
      startedNs: null,
      connectedNs: null,
      error: null,
    }));
  }

  clone(): Fold {
    const copy = Object.assign(Object.create(Fold.prototype) as Fold, this);
    copy.conns = [...this.conns];
    copy.flights = [...this.flights];
    copy.fallen = [...this.fallen];
    copy.pile = [...this.pile];
    copy.dropped = { ...this.dropped };
    return copy;
  }

  /** Applies the next row. */
  advance(): void {
    const event = eventAt(this.trace, this.row);
    if (event.timeNs !== this.lastNs) this.settle(event.timeNs);
    const [host, conn] = splitEntity(event.entity);
    if (event.kind === TCP_KIND.synDropped) this.drop(conn, event);
    else if (conn === null) this.listener(event);
    else this.endpoint(event, host, conn);
    this.row++;
  }

  /** What is to be seen at `timeNs`, which is not before the last row. */
  frame(timeNs: number): Frame {
    const { row, synQueue, acceptQueue, descriptors } = this;
    const flights = this.flights.filter((flight) => flight.sentNs === this.lastNs || timeNs < endOf(flight));
    return { timeNs, row, conns: [...this.conns], synQueue, acceptQueue, descriptors, dropped: { ...this.dropped }, flights, fallen: [...this.fallen], pile: [...this.pile] };
  }

  /** Time moves on: what was dropped a moment ago is no longer news. */
  private settle(timeNs: number): void {
    this.fallen = [];
    this.lastNs = timeNs;
  }

  /** Forgets what has arrived, seldom enough for the cost of it not to grow with what is under way. */
  private prune(): void {
    this.flights = this.flights.filter((flight) => endOf(flight) > this.lastNs || flight.sentNs === this.lastNs);
    this.pruneAt = Math.max(64, 2 * this.flights.length);
  }

  private listener({ kind, value }: TraceEvent): void {
    if (kind === TCP_KIND.synQueue) this.synQueue = value;
    if (kind === TCP_KIND.acceptQueue) this.acceptQueue = value;
    if (kind === TCP_KIND.descriptors) this.descriptors = value;
  }

  private endpoint(event: TraceEvent, host: TcpHost, conn: string): void {
    const { kind, timeNs, value, detail } = event;
    const now = this.conns[this.indexOf.get(conn) ?? -1];
    if (!now) return;
    switch (kind) {
      case TCP_KIND.segment:
        return this.segment(event, host, now);
      case TCP_KIND.connected:
        return this.update(now, { client: 'connected', connectedNs: timeNs });
      case TCP_KIND.connectFailed:
        return this.update(now, { client: 'failed', error: String(detail?.error ?? 'failed') });
      case TCP_KIND.accepted:
        return this.update(now, { ...this.place(now, 'accepted', timeNs), descriptor: value });
      case TCP_KIND.state: {
        if (host === 'server') return this.update(now, this.place(now, placeOf(String(detail?.state), now.server), timeNs));
        if (detail?.state === 'SYN_SENT') this.start(now, timeNs);
        return;
      }
      case TCP_KIND.timerSet:
        // A request that waits for its ACK has no socket yet, only its SYN-ACK timer.
        if (detail?.timer === 'synack' && now.server === 'none') this.update(now, this.place(now, 'half-open', timeNs));
        return;
      case TCP_KIND.timerCancelled:
        if (detail?.timer === 'synack' && now.server === 'half-open') this.update(now, this.place(now, 'none', timeNs));
        return;
      case TCP_KIND.event:
        if (host === 'client') this.start(now, timeNs);
        return;
      default:
        return;
    }
  }

  /** Counted even where nobody knows whose it was. */
  private drop(conn: string | null, { detail }: TraceEvent): void {
    const reason = String(detail?.reason ?? 'lost') as SynDropReason;
    if (reason === 'lost' && this.hasSegments) return;
    this.dropped[reason]++;
    const drop = { row: this.row, conn, reason };
    this.fallen.push(drop);
    this.pile = [...this.pile.slice(1 - PILE), drop];
    const now = this.conns[this.indexOf.get(conn ?? '') ?? -1];
    if (now) this.update(now, { refused: true });
  }

  private segment({ timeNs, detail }: TraceEvent, from: TcpHost, now: ConnFrame): void {
    const flags = String(detail?.flags ?? '');
    const arriveNs = typeof detail?.arriveNs === 'number' ? detail.arriveNs : null;
    const label = segmentName(flags, Number(detail?.len ?? 0));
    if (this.flights.length >= this.pruneAt) this.prune();
    this.flights.push({ row: this.row, conn: now.id, from, label, sentNs: timeNs, arriveNs });
    if (arriveNs === null) this.dropped.lost++;
    if (from === 'client' && label === 'SYN') {
      this.start(now, timeNs);
      this.update(now, { syns: now.syns + 1 });
    }
  }

  private start(now: ConnFrame, timeNs: number): void {
    if (now.client === 'not-started') this.update(now, { client: 'connecting', startedNs: timeNs });
  }

  private place(now: ConnFrame, server: ServerPlace, sinceNs: number): Partial<ConnFrame> {
    return now.server === server ? {} : { server, sinceNs, order: ++this.arrivals, refused: false };
  }

  private update({ id }: ConnFrame, change: Partial<ConnFrame>): void {
    const index = this.indexOf.get(id) as number;
    this.conns[index] = { ...(this.conns[index] as ConnFrame), ...change };
  }
}

function endOf(flight: Flight): number {
  return flight.arriveNs ?? flight.sentNs + LOST_STAYS_NS;
}

/** `client:c1` → `['client', 'c1']`; the listener `server` has no connection. */
function splitEntity(entity: string): [TcpHost, string | null] {
  const colon = entity.indexOf(':');
  return colon < 0 ? ['server', null] : [entity.slice(0, colon) as TcpHost, entity.slice(colon + 1)];
}

/** The connections that a trace speaks of, in the order of their first appearance. */
export function connectionIds(trace: Trace): string[] {
  return [...new Set(trace.entities.map((entity) => splitEntity(entity)[1]).filter((conn) => conn !== null))];
}

function placeOf(state: string, now: ServerPlace): ServerPlace {
  if (state === 'SYN_RECV') return 'half-open';
  if (state === 'ESTABLISHED') return now === 'accepted' ? 'accepted' : 'queued';
  return state === 'CLOSE' || state === 'TIME_WAIT' ? 'closed' : now;
}
