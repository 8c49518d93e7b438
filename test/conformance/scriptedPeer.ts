import type { TcpHost } from '../../src/shared/tcpTrace.ts';
import { Simulator } from '../../src/sim/engine/simulator.ts';
import { Clock } from '../../src/sim/tcp/clock.ts';
import { closeSocket, shutdownSending } from '../../src/sim/tcp/close.ts';
import { Host, type Outlet } from '../../src/sim/tcp/host.ts';
import { Listener } from '../../src/sim/tcp/listener.ts';
import { ACK, bareSegment, endSeq, FIN, PSH, RST, SYN, type Segment } from '../../src/sim/tcp/segment.ts';
import { settingsOf } from '../../src/sim/tcp/settings.ts';
import { TcpSocket } from '../../src/sim/tcp/socket.ts';
import { SHUT_RECEIVE } from '../../src/sim/tcp/socketFlags.ts';
import { connect, receiveBytes, sendBytes, setOptions } from '../../src/sim/tcp/syscalls.ts';
import { timerHandlers } from '../../src/sim/tcp/timerHandlers.ts';
import { TimerWheel } from '../../src/sim/tcp/wheel.ts';
import type { CaseAction, SegmentCase } from './segmentCases.ts';

export interface SentSegment {
  readonly tMs: number;
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  readonly len: number;
  readonly win: number;
  readonly mss: number;
  /** Part of the three-way handshake. */
  readonly handshake: boolean;
}

const MS = 1_000_000;
/** A connection that a case finds with data already exchanged did that this long before. */
const HISTORY_MS = 1000;

/** One host of the simulator against a peer that sends what a case says, when it says it. */
export class ScriptedPeer implements Outlet {
  readonly turn = 0;
  private readonly simulator = new Simulator();
  private readonly host: Host;
  private readonly role: TcpHost;
  private readonly sent: SentSegment[] = [];
  private readonly startMs: number;
  private socket: TcpSocket | undefined = undefined;
  private received = 0;
  private acked = -1;
  private seq = 0;
  private window: number;
  /** A FIN that waits for the ACK of what came before it, as the script expects; how long it waited. */
  private waiting: { ack: number; send: () => void; sinceMs: number } | undefined = undefined;
  private lagMs = 0;

  constructor(private readonly segmentCase: SegmentCase) {
    const { setup, actions } = segmentCase;
    const rtt = setup.rtt_ms ?? 0;
    this.role = setup.role?.includes('client') ? 'client' : 'server';
    const explicit = actions.some((action) => action.op.startsWith('SYN'));
    const synAck = segmentCase.expected_segments.find((s) => s.flags.includes('S') && s.flags.includes('.'));
    const firstMs = typeof synAck?.t_ms === 'number' ? synAck.t_ms : this.role === 'client' ? 0 : Math.min(...actions.map((a) => a.t_ms)) - rtt;
    const history = /local seq (\d+)/.exec(setup.start ?? '');
    this.startMs = Math.max(0, -firstMs) + (history ? HISTORY_MS : 0);
    this.window = setup.peer_window_in_synack ?? setup.peer_window ?? 65_535;
    const settings = settingsOf({
      link: { mtu: (setup.local_mss ?? 1460) + 40 },
      kernel: { tcp_timestamps: setup.timestamps ? 1 : 0, ...(setup.slow_start_after_idle === undefined ? {} : { tcp_slow_start_after_idle: setup.slow_start_after_idle }) },
      server: {}, connections: [], until_ms: 1,
    });
    const wheel = new TimerWheel(this.simulator);
    this.host = new Host(this.role, settings, wheel, this.simulator, new Clock(this.simulator), this, undefined);
    if (this.role === 'server') this.listen();
    if (this.role === 'client') this.open(history ? -HISTORY_MS - rtt : 0, rtt);
    else if (!explicit) this.handshake(history ? -HISTORY_MS - rtt : firstMs, rtt);
    if (history) this.exchange(Number(history[1]) - 1, rtt);
    for (const action of actions) this.at(action.t_ms, () => this.perform(action));
  }

  /** Everything the host sent up to `untilMs` of the case's time, in order. */
  run(untilMs: number): SentSegment[] {
    this.simulator.run((untilMs + this.startMs) * MS);
    return this.sent.filter((segment) => !this.segmentCase.setup.start || segment.tMs >= 0);
  }

  private at(ms: number, work: () => void): void {
    this.simulator.scheduleAt(Math.round((ms + this.startMs) * MS), work);
  }

  private options(socket: TcpSocket): void {
    const { setup } = this.segmentCase;
    if (setup.so_sndbuf) setOptions(socket, { SO_SNDBUF: setup.so_sndbuf / 2 });
    if (setup.so_rcvbuf) setOptions(socket, { SO_RCVBUF: setup.so_rcvbuf });
    for (const option of setup.sockopts ?? []) {
      const [name, value] = (option.split(' ')[0] as string).split('=');
      setOptions(socket, { [name as string]: value === undefined ? 1 : Number(value) });
    }
  }

  private listen(): void {
    const template = new TcpSocket(this.host, -1, timerHandlers);
    this.options(template);
    const listener = new Listener(this.host, template, this.segmentCase.setup.backlog ?? 1, undefined);
    listener.onChild = (child) => this.host.sockets.set(0, child);
    listener.onReady = () => (this.socket = listener.accept());
    this.host.listener = listener;
    this.host.isOpen = () => true;
  }

  private open(connectMs: number, rtt: number): void {
    this.at(connectMs, () => {
      const socket = (this.socket = new TcpSocket(this.host, 0, timerHandlers));
      this.options(socket);
      this.host.sockets.set(0, socket);
      connect(socket);
    });
    this.at(connectMs + rtt, () => this.sendSyn(SYN | ACK));
  }

  private handshake(synMs: number, rtt: number): void {
    this.at(synMs, () => this.sendSyn(SYN));
    this.at(synMs + rtt, () => this.send(ACK, 0, 1));
  }

  /** What was exchanged before the case begins. */
  private exchange(bytes: number, rtt: number): void {
    this.at(-HISTORY_MS, () => this.write(bytes, false));
    this.at(-HISTORY_MS + rtt, () => this.send(ACK, 0, bytes + 1));
  }

  private sendSyn(flags: number): void {
    const { setup } = this.segmentCase;
    const segment = bareSegment(this.role === 'client' ? 'server' : 'client', 0, flags, 0, flags & ACK ? 1 : 0);
    segment.mss = setup.peer_mss ?? 1460;
    segment.wscale = setup.wscale === 0 ? -1 : 0;
    segment.sackOk = setup.sack !== false;
    segment.timestamps = setup.timestamps ?? false;
    segment.window = this.window;
    this.seq = 1;
    this.host.receive(segment);
  }

  /** A segment of the peer; without an ACK number it repeats its last, or takes all that came. */
  private send(flags: number, len: number, ack: number | undefined): void {
    const segment = bareSegment(this.role === 'client' ? 'server' : 'client', 0, flags, this.seq, ack ?? (this.acked >= 0 ? this.acked : this.received));
    segment.len = len;
    segment.window = Math.min(this.window, 65_535);
    if (ack !== undefined) this.acked = ack;
    this.seq = endSeq(segment);
    this.host.receive(segment);
  }

  transmit(segment: Segment): void {
    const { flags, seq, ack, len, window, mss } = segment;
    this.received = Math.max(this.received, endSeq(segment));
    const handshake = (flags & SYN) !== 0 || (this.role === 'client' && len === 0 && seq === 1 && ack === 1 && !(flags & (FIN | RST)));
    this.sent.push({ tMs: this.nowMs - this.lagMs, flags, seq, ack, len, win: window * 2 ** (this.socket?.rcvWscale ?? 0), mss, handshake });
    this.release(ack);
  }

  private get nowMs(): number {
    return this.simulator.now / MS - this.startMs;
  }

  private release(ack: number): void {
    const { waiting } = this;
    if (waiting?.ack !== ack) return;
    this.waiting = undefined;
    this.lagMs = this.nowMs - waiting.sinceMs;
    this.simulator.schedule(0, waiting.send);
  }

  private finish(ack: number | undefined): void {
    const { seq } = this;
    const send = () => this.send(FIN | ACK, 0, ack);
    const expected = this.segmentCase.expected_segments.some((s) => s.ack === seq);
    if (!expected || this.sent.some((s) => s.ack === seq)) return send();
    this.waiting = { ack: seq, send, sinceMs: this.nowMs };
  }

  interrupt(work: () => void): void {
    work();
  }

  private perform(action: CaseAction): void {
    const { op } = action;
    if (action.who === 'peer') return this.peerActs(action);
    const bytes = action.bytes ?? Number(/\d+/.exec(op)?.[0] ?? 0);
    if (op.startsWith('write') || op.startsWith('sendfile')) this.write(action.bytes ?? 0, false);
    else if (op.startsWith('send MSG_MORE')) this.write(bytes, true);
    else if (op.startsWith('read')) this.read(bytes || 65_536, /twice/.test(op) ? 2 : 1, op.includes('blocks'));
    else if (op.startsWith('shutdown RD') && this.socket) this.socket.shutdown |= SHUT_RECEIVE;
    else if (op.startsWith('shutdown WR') && this.socket) shutdownSending(this.socket);
    else if (op.startsWith('close') && this.socket) closeSocket(this.socket, () => undefined);
  }

  private write(bytes: number, more: boolean): void {
    const { socket } = this;
    if (socket && bytes) this.host.call(socket, () => sendBytes(socket, bytes, () => false, more));
  }

  /** Reads; a read that blocks returns with what comes next. */
  private read(bytes: number, times: number, blocks: boolean): void {
    const { socket, host } = this;
    if (!socket) return;
    for (let i = 0; i < times; i++) {
      const got = host.call(socket, () => receiveBytes(socket, bytes));
      if (got !== 'EAGAIN' || !blocks) continue;
      const woken = () => {
        socket.watcher = undefined;
        this.simulator.schedule(0, () => host.call(socket, () => receiveBytes(socket, bytes)));
      };
      socket.watcher = { woken };
    }
  }

  private peerActs(action: CaseAction): void {
    const { op, ack } = action;
    const window = /win (\d+)/.exec(op);
    if (window || op === 'ack') this.window = window ? Number(window[1]) : (this.segmentCase.setup.peer_window ?? 65_535);
    if (op.startsWith('SYN')) this.sendSyn(SYN);
    else if (op.startsWith('FIN')) this.finish(ack);
    else if (op.startsWith('RST')) this.send(RST | ACK, 0, ack);
    else if (op.startsWith('data')) this.send(ACK | PSH, action.bytes ?? 0, ack);
    else if (op.startsWith('ACK to a listening port')) this.host.receive(bareSegment('client', 0, ACK, 0, ack ?? 0));
    else if (op.includes('ack') || op.includes('ACK')) {
      const times = Number(/^(\d+) dup/.exec(op)?.[1] ?? 1);
      for (let i = 0; i < times; i++) this.send(ACK, 0, ack ?? (op.includes('handshake') ? 1 : undefined));
    }
  }
}
