import type { TcpHost, TcpState } from '../../shared/tcpTrace.ts';
import type { ReceiveBuffer, SendBuffer } from './buffers.ts';
import type { CubicState } from './cubicState.ts';
import type { SackBlock, Segment } from './segment.ts';
import type { Settings } from './settings.ts';
import type { SocketObserver } from './socketObserver.ts';
import { ACK_SCHEDULED, type PendingTimer } from './socketFlags.ts';
import { HZ, TCP_INFINITE_SSTHRESH, TCP_MSS_DEFAULT, TCP_TIMEOUT_INIT } from './units.ts';
import { wheelTimer, type TimerWheel, type WheelTimer } from './wheel.ts';

export type CongestionState = 'open' | 'disorder' | 'cwr' | 'recovery' | 'loss';

/** What a socket needs of its host. */
export interface HostServices {
  readonly name: TcpHost;
  readonly settings: Settings;
  readonly wheel: TimerWheel;
  readonly nowNs: number;
  readonly turn: number;
  /** Work takes `ns`. */
  pass(ns: number): void;
  readonly counters: Record<string, number>;
  readonly observer: SocketObserver<TcpSocket> | undefined;
  transmit(segment: Segment): void;
  /** Calls back after `delayNs`, not rounded to jiffies (an hrtimer). */
  after(delayNs: number, handler: () => void): number;
  cancel(handle: number): void;
  /** Takes a socket out of the host's table; a TIME_WAIT or FIN_WAIT2 stub may take its place. */
  forget(socket: TcpSocket): void;
  leaveTimeWait(socket: TcpSocket, substate: 'TIME_WAIT' | 'FIN_WAIT2', timeoutJiffies: number): void;
}

/** What a socket's timers do. */
export interface TimerHandlers {
  readonly write: (socket: TcpSocket) => void;
  readonly delayedAck: (socket: TcpSocket) => void;
  readonly keepalive: (socket: TcpSocket) => void;
}

/** One end of a connection: struct tcp_sock, its fields under their kernel names where those are the field's own. */
export class TcpSocket {
  state: TcpState = 'CLOSE';
  declare error: string;
  shutdown = 0;
  /** Whether a program still holds it. */
  dead = false;
  /** SOCK_DONE: the peer's FIN was taken. */
  declare done: boolean;
  /** accept() gave it to a program; before that it has no struct socket. */
  hasProgram = true;
  /** A system call works on it: segments wait in `backlog`. */
  owned = false;
  declare backlog: Segment[];
  /** Memory of all that came into `backlog` since it was last empty. */
  declare backlogLen: number;
  declare ackDeferred: boolean;
  /** Who waits for something to happen to it. */
  watcher: { woken(events: number): void } | undefined = undefined;

  rcvbuf: number;
  sndbuf: number;
  rcvbufLocked = false;
  sndbufLocked = false;
  rmemAlloc = 0;
  wmemQueued = 0;
  forwardAlloc = 0;
  declare noSpace: boolean;

  declare userMss: number;
  mssClamp = TCP_MSS_DEFAULT;
  mssCache = TCP_MSS_DEFAULT;
  advmss = TCP_MSS_DEFAULT;
  headerLen = 20;
  timestamps = false;
  sackOk = false;
  windowScaling = false;
  rcvWscale = 0;
  sndWscale = 0;
  tsRecent = 0;
  sawTimestamp = false;
  declare rcvTsEcr: number;
  declare rcvRttLastTsEcr: number;
  declare lastOowAckJiffies: number;

  rcvNxt = 0;
  copiedSeq = 0;
  rcvWup = 0;
  rcvWnd = 0;
  rcvSsthresh = 0;
  windowClamp = 0;
  scalingRatio = 128;
  rcvRttUs = 0;
  rcvRttSeq = 0;
  rcvRttTimeUs = -1;
  rcvqSpace = 0;
  rcvqSeq = 0;
  rcvqTimeUs = 0;
  readonly receiveQueue: ReceiveBuffer[] = [];
  declare outOfOrder: ReceiveBuffer[];
  declare sacks: SackBlock[];
  declare dsack: SackBlock | undefined;
  /** Header prediction: the window field it expects, or -1 while off. */
  predictedWindow = -1;

  quick = 0;
  pingpong = 0;
  ato = 0;
  ackPending = 0;
  ackTimeout = 0;
  lrcvtime = 0;
  declare lastSegSize: number;
  rcvMss = 0;
  declare compressedAcks: number;
  declare compressedRcvNxt: number;
  declare dupAckCounter: number;
  declare compressedTimer: number;

  sndUna = 0;
  sndNxt = 0;
  writeSeq = 0;
  pushedSeq = 0;
  sndSml = 0;
  sndWnd = 0;
  sndWl1 = 0;
  maxWindow = 0;
  nonagle = 0;
  gsoSegs = 0;
  lsndtime = 0;
  /** When anything was last sent, microseconds. */
  lastSentUs = 0;
  bytesAcked = 0;
  writeQueue: SendBuffer[] = [];
  rtxQueue: SendBuffer[] = [];
  /** What is in flight in order of sending (tsorted_sent_queue). */
  sentOrder: SendBuffer[] = [];

  packetsOut = 0;
  declare retransOut: number;
  declare sackedOut: number;
  declare lostOut: number;
  delivered = 0;
  declare lost: number;
  sndCwnd = 10;
  sndSsthresh = TCP_INFINITE_SSTHRESH;
  declare sndCwndCnt: number;
  sndCwndUsed = 0;
  sndCwndStamp = 0;
  isCwndLimited = false;
  maxPacketsOut = 0;
  cwndUsageSeq = 0;
  declare cubic: CubicState | undefined;
  caState: CongestionState = 'open';
  declare highSeq: number;
  declare priorCwnd: number;
  declare priorSsthresh: number;
  declare prrDelivered: number;
  declare prrOut: number;
  /** Where a reduction that may be undone began; -1 for none. */
  declare undoMarker: number;
  declare undoRetrans: number;
  retransStampMs = 0;
  declare totalRetrans: number;
  declare totalRto: number;
  declare frto: boolean;
  reordering: number;
  declare reordSeen: number;
  declare isSackReneg: boolean;
  highestSack: SendBuffer | undefined = undefined;
  declare retransmitHint: SendBuffer | undefined;
  declare tlpHighSeq: number;
  declare tlpRetrans: boolean;
  declare dsackDups: number;
  declare rackSentUs: number;
  declare rackEndSeq: number;
  declare rackRttUs: number;
  declare rackAdvanced: boolean;
  declare rackDsackSeen: boolean;
  declare rackReoSteps: number;
  declare rackReoPersist: number;
  declare rackLastDelivered: number;

  srttUs = 0;
  mdevUs = 0;
  mdevMaxUs = 0;
  rttvarUs = 0;
  rttSeq = 0;
  minRttUs = Infinity;
  pacingRate = Infinity;
  rto = TCP_TIMEOUT_INIT;
  declare backoff: number;
  retransmits = 0;
  declare probesOut: number;
  declare probesStamp: number;
  rcvTstamp = 0;
  declare userTimeoutMs: number;
  /** TCP_DEFER_ACCEPT: how many SYN-ACK timeouts a listener waits for data. */
  declare deferAccept: number;
  pending: PendingTimer = undefined;
  timeout = 0;
  readonly writeTimer: WheelTimer;
  private delack: WheelTimer | undefined = undefined;
  private keepalive: WheelTimer | undefined = undefined;

  constructor(
    readonly host: HostServices,
    readonly conn: number,
    private readonly handlers: TimerHandlers,
  ) {
    const { settings } = host;
    this.rcvbuf = settings.rmem[1];
    this.sndbuf = settings.wmem[1];
    this.reordering = settings.tcp_reordering;
    this.mdevUs = 1_000_000;
    this.writeTimer = wheelTimer(handlers.write, this as TcpSocket);
  }

  get delackTimer(): WheelTimer {
    return (this.delack ??= wheelTimer(this.handlers.delayedAck, this as TcpSocket));
  }

  get keepaliveTimer(): WheelTimer {
    return (this.keepalive ??= wheelTimer(this.handlers.keepalive, this as TcpSocket));
  }

  get jiffies(): number {
    return this.host.wheel.jiffies;
  }

  /** tcp_mstamp: a clock in microseconds that is never 0. */
  get nowUs(): number {
    return Math.floor(this.host.nowNs / 1000) + 1_000_000;
  }

  /** The clock of the timestamp option, milliseconds; never 0. */
  get nowMs(): number {
    return Math.floor(this.nowUs / 1000);
  }

  /** End of the window that the peer offers. */
  get windowEnd(): number {
    return this.sndUna + this.sndWnd;
  }

  get inFlight(): number {
    return this.packetsOut - this.sackedOut - this.lostOut + this.retransOut;
  }

  get ackScheduled(): boolean {
    return (this.ackPending & ACK_SCHEDULED) !== 0;
  }

  get inPingpong(): boolean {
    return this.pingpong >= this.host.settings.tcp_pingpong_thresh;
  }

  get inCwndReduction(): boolean {
    return this.caState === 'cwr' || this.caState === 'recovery';
  }

  setState(state: TcpState): void {
    if (this.state === state) return;
    this.state = state;
    this.host.observer?.state(this, state);
  }

  wake(events: number): void {
    this.watcher?.woken(events);
  }

  count(counter: string, by = 1): void {
    const { counters } = this.host;
    counters[counter] = (counters[counter] ?? 0) + by;
  }

  setCwnd(cwnd: number): void {
    if (this.sndCwnd === cwnd) return;
    this.sndCwnd = cwnd;
    this.host.observer?.cwnd(this);
  }

  /** tcp_rto_min_us and the route's own do not differ here. */
  get rtoMinUs(): number {
    return (this.host.settings.rtoMin * 1_000_000) / HZ;
  }
}

/**
 * What most of a crowd of sockets never needs lies here until it is written, so that each takes less memory. The lists here are
 * shared and stay empty: who adds to one gives the socket its own.
 */
const UNUSED = {
  backlog: [], outOfOrder: [], sacks: [],
  compressedAcks: 0, compressedRcvNxt: -1, dupAckCounter: 0, compressedTimer: 0, retransOut: 0, sackedOut: 0, lostOut: 0, lost: 0, highSeq: 0,
  priorCwnd: 0, priorSsthresh: 0, prrDelivered: 0, prrOut: 0, undoMarker: -1, undoRetrans: -1, totalRetrans: 0, totalRto: 0, frto: false,
  reordSeen: 0, isSackReneg: false, retransmitHint: undefined, tlpHighSeq: 0, tlpRetrans: false, dsackDups: 0, rackSentUs: 0, rackEndSeq: 0,
  rackRttUs: 0, rackAdvanced: false, rackDsackSeen: false, rackReoSteps: 1, rackReoPersist: 0, rackLastDelivered: 0, dsack: undefined,
  lastOowAckJiffies: -1, rcvTsEcr: 0, rcvRttLastTsEcr: 0, probesOut: 0, probesStamp: 0, userTimeoutMs: 0, deferAccept: 0, error: '', noSpace: false,
  ackDeferred: false, backlogLen: 0, done: false, userMss: 0, sndCwndCnt: 0, backoff: 0, lastSegSize: 0, cubic: undefined,
};
Object.assign(TcpSocket.prototype, UNUSED);
