import type { TcpDropRule } from '../../shared/scenario/tcp.ts';
import type { TcpHost } from '../../shared/tcpTrace.ts';
import type { Simulator } from '../engine/simulator.ts';
import { PROCESSING, type Clock } from './clock.ts';
import type { Host, Outlet } from './host.ts';
import { WORK, type Machine, type Watch } from './machine.ts';
import { SEND_OVERHEAD } from './buffers.ts';
import { FIN, flagLetters, PSH, type Segment } from './segment.ts';

/** Is told of each segment as its sender puts it on the link. */
export interface LinkObserver {
  sent(segment: Segment, arriveNs: number | null): void;
}

export interface Hosts {
  readonly client: Host;
  readonly server: Host;
}

/** A rule that loses the n-th of the segments that match it. */
class Drop {
  private seen = 0;
  private readonly nth: ReadonlySet<number>;

  constructor(
    private readonly rule: TcpDropRule,
    private readonly names: readonly string[],
  ) {
    this.nth = new Set(rule.nth);
  }

  loses(segment: Segment): boolean {
    const { from, conn, flags, data } = this.rule;
    if (from !== undefined && segment.from !== from) return false;
    if (conn !== undefined && this.names[segment.conn] !== conn) return false;
    if (flags !== undefined && flagLetters(segment.flags) !== flags) return false;
    if (data !== undefined && segment.len > 0 !== data) return false;
    return this.nth.has(++this.seen);
  }
}

/** One direction of a wire that the machine carries segments over, one by one, first in first out. */
class Direction implements Watch {
  readonly interest = 1;
  readonly work = WORK.carry;
  queued = false;
  closed = false;
  private readonly segments: Segment[] = [];
  private head = 0;

  constructor(
    private readonly machine: Machine,
    private readonly carry: (segment: Segment) => void,
  ) {}

  push(segment: Segment): void {
    this.segments.push(segment);
    this.machine.wake(this, 1);
  }

  poll(): number {
    return this.head < this.segments.length ? 1 : 0;
  }

  ready(): void {
    const segment = this.segments[this.head++];
    if (this.head > 1024 && this.head * 2 > this.segments.length) {
      this.segments.splice(0, this.head);
      this.head = 0;
    }
    if (segment) this.carry(segment);
  }
}

/** A link with a delay and losses between two hosts. Loss is decided where a segment enters it. */
export class Wire implements Outlet {
  readonly turn = 0;
  private readonly directions: Record<TcpHost, Direction>;
  private readonly drops: readonly Drop[];
  hosts: Hosts | undefined = undefined;

  constructor(
    private readonly simulator: Simulator,
    private readonly machine: Machine,
    private readonly delayNs: number,
    rules: readonly TcpDropRule[],
    names: readonly string[],
    private readonly observer: LinkObserver,
  ) {
    this.drops = rules.map((rule) => new Drop(rule, names));
    const carry = (segment: Segment) => this.carry(segment);
    this.directions = { client: new Direction(machine, carry), server: new Direction(machine, carry) };
  }

  transmit(segment: Segment): void {
    this.directions[segment.from].push(segment);
  }

  interrupt(work: () => void): void {
    work();
  }

  private carry(segment: Segment): void {
    const now = this.simulator.now;
    let lost = false;
    for (const drop of this.drops) {
      if (!drop.loses(segment)) continue;
      lost = true;
      break;
    }
    this.observer.sent(segment, lost ? null : now + this.delayNs);
    if (lost) return;
    const to = segment.from === 'client' ? this.hosts?.server : this.hosts?.client;
    if (!to) return;
    if (this.delayNs > 0) return this.machine.after(this.delayNs, WORK.deliver, to.incoming, segment);
    this.machine.also(WORK.deliver);
    to.receive(segment);
  }
}

/** The largest packet that the device takes in one piece, with its link header (gso_features_check). */
const DEVICE_MAX = 65_536;
const LINK_AND_IP_HEADERS = 14 + 20;

/** A send that is too large for the device is cut into its segments before it (validate_xmit_skb). */
function deviceSized(segment: Segment): Segment[] {
  const { gsoSize, len, seq, flags } = segment;
  if (!gsoSize || len + segment.headerLen + LINK_AND_IP_HEADERS < DEVICE_MAX) return [segment];
  const pieces: Segment[] = [];
  for (let at = 0; at < len; at += gsoSize) {
    const last = at + gsoSize >= len;
    const size = last ? len - at : gsoSize;
    pieces.push({ ...segment, seq: seq + at, len: size, flags: last ? flags : flags & ~(PSH | FIN), gsoSize: 0, gsoSegs: 1, senderTruesize: SEND_OVERHEAD + size });
  }
  return pieces;
}

/** One machine's loopback: a segment is received within the call that sends it, or right after the interrupt that does. */
export class Loopback implements Outlet {
  private readonly waiting: Segment[] = [];
  private interrupted = false;
  hosts: Hosts | undefined = undefined;

  constructor(
    private readonly clock: Clock,
    private readonly machine: Machine,
    private readonly observer: LinkObserver,
  ) {}

  get turn(): number {
    return this.machine.turnCount;
  }

  transmit(segment: Segment): void {
    for (const piece of deviceSized(segment)) {
      this.clock.pass(PROCESSING.loopbackSegment);
      this.observer.sent(piece, this.clock.nowNs);
      this.waiting.push(piece);
    }
    if (!this.interrupted) this.interrupt(() => undefined);
  }

  /** A soft interrupt: what it sends is received after it, in order (process_backlog). */
  interrupt(work: () => void): void {
    if (this.interrupted) return work();
    this.interrupted = true;
    work();
    for (let segment = this.waiting.shift(); segment; segment = this.waiting.shift()) {
      (segment.from === 'client' ? this.hosts?.server : this.hosts?.client)?.receive(segment);
    }
    this.interrupted = false;
  }
}
