import { readFileSync } from 'node:fs';
import { flagLetters } from '../../src/sim/tcp/segment.ts';
import { ScriptedPeer, type SentSegment } from './scriptedPeer.ts';

/** A situation with one host under test and a peer that follows a script, as segment-cases.json has them. */
export interface SegmentCase {
  readonly id: string;
  readonly setup: CaseSetup;
  readonly actions: readonly CaseAction[];
  readonly expected_segments: readonly ExpectedSegment[];
}

interface CaseSetup {
  readonly role?: string;
  readonly peer_mss?: number;
  readonly local_mss?: number;
  readonly rtt_ms?: number;
  readonly sockopts?: readonly string[];
  readonly timestamps?: boolean;
  readonly sack?: boolean;
  readonly so_sndbuf?: number;
  readonly so_rcvbuf?: number;
  readonly wscale?: number;
  readonly peer_window?: number;
  readonly peer_window_in_synack?: number;
  readonly slow_start_after_idle?: number;
  readonly start?: string;
  readonly backlog?: number;
}

export interface CaseAction {
  readonly t_ms: number;
  readonly who: 'app' | 'peer';
  readonly op: string;
  readonly bytes?: number;
  readonly ack?: number;
}

interface ExpectedSegment {
  readonly t_ms: number | readonly [number, number];
  readonly flags: string;
  readonly seq: number;
  readonly len: number;
  readonly ack?: number;
  readonly win?: number;
  readonly mss?: number;
}

const TOLERANCE_MS = 4;
/** A delayed ACK may be waited for at the end. */
const LONGEST_WAIT_MS = 60;

export function readSegmentCases(file: string): SegmentCase[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: SegmentCase[] }).cases;
}

/** Runs a case; the first difference from what is expected, or undefined where it holds. */
export function judgeCase(segmentCase: SegmentCase): string | undefined {
  const peer = new ScriptedPeer(segmentCase);
  const last = Math.max(...segmentCase.expected_segments.map((s) => latest(s.t_ms)), ...segmentCase.actions.map((a) => a.t_ms));
  const sent = peer.run(last + LONGEST_WAIT_MS);
  return firstDifference(segmentCase, sent);
}

const earliest = (time: ExpectedSegment['t_ms']) => (typeof time === 'number' ? time : time[0]);
const latest = (time: ExpectedSegment['t_ms']) => (typeof time === 'number' ? time : time[1]);

/**
 * The expected segments are the sent ones in order, runs of full segments as one; a handshake that is not expected is left out. Lists
 * end where their script does, which may be within a burst: what is sent after the last of them is not judged.
 */
function firstDifference(segmentCase: SegmentCase, all: readonly SentSegment[]): string | undefined {
  const { expected_segments: expected, setup } = segmentCase;
  const withHandshake = expected.some((s) => s.flags.includes('S'));
  const sent = withHandshake ? all : all.filter((s) => !s.handshake);
  let at = 0;
  for (const want of expected) {
    const got = sent[at];
    const wanted = `${want.flags} seq ${want.seq} len ${want.len} at ${JSON.stringify(want.t_ms)} ms`;
    if (!got) return `${wanted} was not sent`;
    let len = got.len;
    let end = at;
    while (len < want.len && sent[end + 1]?.seq === want.seq + len && (sent[end + 1]?.len ?? 0) > 0) len += sent[++end]?.len ?? 0;
    const tail = sent[end] as SentSegment;
    const found = `${flagLetters(got.flags)} seq ${got.seq} ack ${got.ack} len ${len} win ${got.win} at ${got.tMs.toFixed(1)} ms`;
    if (got.seq !== want.seq || len !== want.len || !sameFlags(tail.flags, want.flags, want.len >= (setup.peer_mss ?? Infinity))) return `${wanted} expected, sent ${found}`;
    if (want.ack !== undefined && want.ack !== got.ack) return `${wanted} expected with ack ${want.ack}, sent ${found}`;
    if (want.win !== undefined && want.win !== got.win) return `${wanted} expected with win ${want.win}, sent ${found}`;
    if (want.mss !== undefined && want.mss !== got.mss) return `${wanted} expected with mss ${want.mss}, sent ${got.mss}`;
    for (const segment of [got, tail]) {
      if (segment.tMs < earliest(want.t_ms) - TOLERANCE_MS || segment.tMs > latest(want.t_ms) + TOLERANCE_MS) return `${wanted} expected, sent at ${segment.tMs.toFixed(1)} ms`;
    }
    at = end + 1;
  }
  return undefined;
}

/** PSH is not compared on full segments: offload sets it on a run of them, and half a window without it does, whose size a case need not tell. */
function sameFlags(flags: number, wanted: string, isFull: boolean): boolean {
  const letters = flagLetters(flags);
  const plain = (text: string) => ['S', 'F', 'R', 'P', '.'].filter((letter) => text.includes(letter) && !(isFull && letter === 'P')).join('');
  return plain(letters) === plain(wanted);
}
