import type { RecordedEvent, RecordedSegment, Recording } from '../../src/sim/tcp/recording.ts';

export type Grade = 'A' | 'B' | 'C';
export type Differences = Record<Grade, string[]>;
export const GRADES: readonly Grade[] = ['A', 'B', 'C'];

const HOSTS = ['client', 'server'] as const;
const LISTEN_COUNTERS = ['ListenOverflows', 'ListenDrops', 'SyncookiesSent', 'SyncookiesRecv', 'TCPReqQFullDrop', 'TCPReqQFullDoCookies'];
const EVENTS_OF: readonly (readonly [readonly string[], Grade])[] = [
  [['connected', 'connect-failed', 'end-of-stream', 'error', 'response'], 'A'],
  [['sent', 'filled'], 'C'],
];

type Pair = readonly [RecordedSegment, RecordedSegment];
const kept = (flags: string) => ['S', 'F', 'R'].filter((flag) => flags.includes(flag)).join('');
const carries = (segment: RecordedSegment) => segment.len > 0 || kept(segment.flags) !== '';
const byCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Same size: within one segment or a tenth. */
function isClose(a: number | undefined, b: number): boolean {
  const x = a ?? -1e9;
  return Math.abs(x - b) <= Math.max(1460, 0.1 * Math.max(Math.abs(x), Math.abs(b)));
}

/** Holds a prediction against a recording by the oracle's rules (compare.py says what the grades ask); the differences of each grade. */
export function compareRuns(predicted: Recording, recorded: Recording): Differences {
  const differences: Differences = { A: [], B: [], C: [] };
  compareSegments(predicted, recorded, differences);
  compareEvents(predicted, recorded, differences);
  compareSamples(predicted, recorded, differences);
  for (const counter of LISTEN_COUNTERS) {
    const [a, b] = [predicted, recorded].map((run) => run.counters.server?.[counter] ?? 0) as [number, number];
    if (a !== b) differences.B.push(`server ${counter} ${b}, predicted ${a}`);
  }
  return differences;
}

/** The grades that hold: each includes those before it. */
export function gradesHeld(differences: Differences): Grade[] {
  const failed = GRADES.findIndex((grade) => differences[grade].length > 0);
  return failed < 0 ? [...GRADES] : GRADES.slice(0, failed);
}

function compareSegments(predicted: Recording, recorded: Recording, differences: Differences): void {
  const conns = [...new Set([...recorded.segments, ...predicted.segments].map((s) => s.conn))].sort(byCodeUnits);
  for (const conn of conns) {
    const pairs: Pair[] = [];
    const bare: Pair[] = [];
    const pick = (run: Recording, host: string, wanted: (s: RecordedSegment) => boolean) => run.segments.filter((s) => s.conn === conn && s.from === host && wanted(s));
    for (const host of HOSTS) {
      const ofHost = (wanted: (s: RecordedSegment) => boolean) => [pick(predicted, host, wanted), pick(recorded, host, wanted)] as const;
      pairs.push(...sequence('A', `${conn} ${host} segments`, ofHost(carries), (s) => `${kept(s.flags)} ${s.seq} ${s.len}`, differences));
      bare.push(...sequence('B', `${conn} ${host} ACKs`, ofHost((s) => !carries(s)), (s) => `${s.seq} ${s.ack}`, differences));
    }
    const clean = (grades: readonly Grade[]) => !grades.some((grade) => differences[grade].some((line) => line.startsWith(`${conn} `)));
    if (clean(['A'])) timing('A', conn, pairs, differences);
    if (clean(['A', 'B'])) timing('B', conn, [...pairs, ...bare], differences);
    const off = [...pairs, ...bare].find(([a, b]) => !b.flags.includes('R') && !isClose(a.win, b.win));
    if (off) differences.C.push(`${conn}: ${off[1].from} ${off[1].flags} at ${off[1].t_ms.toFixed(1)} ms should advertise ${off[1].win}, predicted ${off[0].win}`);
  }
}

/** Same segments in the same order: the pairs, or none where they differ. */
function sequence(grade: Grade, what: string, [mine, theirs]: readonly [RecordedSegment[], RecordedSegment[]], key: (s: RecordedSegment) => string, differences: Differences): Pair[] {
  const length = Math.max(mine.length, theirs.length);
  for (let i = 0; i < length; i++) {
    const [a, b] = [mine[i], theirs[i]];
    if (a && b && key(a) === key(b)) continue;
    differences[grade].push(`${what}: #${i + 1} of ${theirs.length} should be ${b ? key(b) : 'nothing more'}, predicted ${a ? key(a) : 'nothing more'}`);
    return [];
  }
  return mine.map((segment, i) => [segment, theirs[i] as RecordedSegment]);
}

/** Each segment as long after the one before it on its connection, within 3 ms and 3 %. */
function timing(grade: Grade, conn: string, pairs: readonly Pair[], differences: Differences): void {
  let before: readonly [{ t_ms: number }, { t_ms: number }] = [{ t_ms: 0 }, { t_ms: 0 }];
  for (const pair of [...pairs].sort((a, b) => a[1].t_ms - b[1].t_ms)) {
    const gap = pair[0].t_ms - before[0].t_ms;
    const trueGap = pair[1].t_ms - before[1].t_ms;
    if (Math.abs(gap - trueGap) > 3 + 0.03 * trueGap) {
      const { from, flags, seq, ack, len } = pair[1];
      differences[grade].push(`${conn}: ${from} ${flags} seq ${seq} ack ${ack} len ${len} should come ${trueGap.toFixed(1)} ms after the segment before it, predicted ${gap.toFixed(1)} ms`);
      return;
    }
    before = pair;
  }
}

function compareEvents(predicted: Recording, recorded: Recording, differences: Differences): void {
  for (const [kinds, grade] of EVENTS_OF) {
    const grouped = (run: Recording) => {
      const groups = new Map<string, RecordedEvent[]>();
      for (const event of run.events) {
        if (!kinds.includes(event.event)) continue;
        const key = [event.host, event.conn, event.event, event.error ?? ''].join(' ');
        groups.set(key, [...(groups.get(key) ?? []), event]);
      }
      return groups;
    };
    const [mine, theirs] = [grouped(predicted), grouped(recorded)];
    for (const key of [...new Set([...mine.keys(), ...theirs.keys()])].sort(byCodeUnits)) {
      const difference = eventDifference(mine.get(key) ?? [], theirs.get(key) ?? []);
      if (difference) differences[grade].push(`event ${key} ${difference}`);
    }
  }
}

function eventDifference(mine: readonly RecordedEvent[], theirs: readonly RecordedEvent[]): string | undefined {
  if (mine.length !== theirs.length) return `${theirs.length} times, predicted ${mine.length}`;
  for (const [i, y] of theirs.entries()) {
    const x = mine[i] as RecordedEvent;
    if (y.latency_ms !== undefined && Math.abs((x.latency_ms ?? -1e9) - y.latency_ms) > 3 + 0.08 * y.latency_ms) return `at ${y.t_ms} ms: latency ${y.latency_ms} ms, predicted ${x.latency_ms}`;
    if (y.bytes !== undefined && !isClose(x.bytes, y.bytes)) return `at ${y.t_ms} ms: ${y.bytes} bytes, predicted ${x.bytes}`;
    if (Math.abs(x.t_ms - y.t_ms) > 5 + 0.03 * y.t_ms) return `should be at ${y.t_ms} ms, predicted ${x.t_ms}`;
  }
  return undefined;
}

function compareSamples(predicted: Recording, recorded: Recording, differences: Differences): void {
  if (predicted.samples.length !== recorded.samples.length) {
    differences.A.push(`${recorded.samples.length} samples, predicted ${predicted.samples.length}`);
    return;
  }
  recorded.samples.forEach((b, i) => {
    const a = predicted.samples[i] as (typeof recorded.samples)[number];
    const at = `sample at ${b.t_ms.toFixed(0)} ms:`;
    for (const key of ['accept_queue', 'server_states', 'client_states'] as const) {
      if (canonical(a[key]) !== canonical(b[key])) differences.A.push(`${at} ${key} ${canonical(b[key])}, predicted ${canonical(a[key])}`);
    }
    for (const [name, socket] of Object.entries(b.sockets)) {
      for (const queue of ['send_queue', 'receive_queue'] as const) {
        const predictedBytes = a.sockets[name]?.[queue];
        if (!isClose(predictedBytes, socket[queue])) differences.C.push(`${at} ${name} ${queue} ${socket[queue]}, predicted ${predictedBytes}`);
      }
    }
  });
}

function canonical(value: number | Readonly<Record<string, number>> | undefined): string {
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => byCodeUnits(a, b))));
}
