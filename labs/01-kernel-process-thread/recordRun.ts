import type { ExperimentContext } from 'backend-labs/kit';
import type { Done } from './adder.ts';
import { coreClock, endOf } from './coreTime.ts';
import type { Member } from './server.ts';

/** One thread that ran: the only one of its process, or one of the parent's. */
export interface Runner {
  readonly member: Member;
  readonly done: Done;
}

/** What something took in memory as it came to be. */
export interface Taken {
  readonly kb: number;
  readonly rssKb: number;
  readonly pssKb: number;
}

export interface Run {
  readonly runners: readonly Runner[];
  /** Entity → what it took. */
  readonly memory: ReadonlyMap<string, Taken>;
  readonly parentReads: number;
  /** When all of them became ready, in nanoseconds on the monotonic clock. */
  readonly atNs: number;
  /** The kernel's numbers of the cores; null where the run was not bound to any. */
  readonly cores: readonly number[] | null;
}

interface Piece {
  readonly member: Member;
  readonly fromNs: number;
  readonly toNs: number;
  readonly core: number;
  /** What the thread read in x, where this was its last piece. */
  readonly reads: number | null;
}

/** Others had more than this share of the cores: worth a sentence. */
const WORTH_SAYING = 0.02;
/** With more than this share, others may also be why something differs. */
const TOO_MUCH = 0.25;

/** Records what the threads told, as a trace of the model `cpu`, on the clock of the cores that the run had. */
export function recordRun(lab: ExperimentContext, run: Run): void {
  const { runners, memory, parentReads } = run;
  const pieces = piecesOf(run);
  const clock = coreClock(runners.map(({ member }) => pieces.filter((piece) => piece.member === member)), run.cores?.length ?? lab.machine.cores);
  const endNs = endOf(pieces.toSorted((a, b) => a.toNs - b.toNs));
  const others = 1 - clock(endNs) / endNs;
  const sentence = `Other programs had ${Math.round(100 * others)} % of the cores while this ran. That time is taken out of what was measured: the clock of this run stands still while none of its threads is let run.`;
  if (others > TOO_MUCH) lab.lacks('processors', sentence);
  else if (others > WORTH_SAYING) lab.note(sentence);
  // On a clock of its own: begun so late that none of it is past, the trace ends with its last row.
  const startNs = Number(process.hrtime.bigint()) + 1e9;
  lab.start(startNs);
  const add = (at: number, kind: string, entity: string, value = 0, detail?: Record<string, string | number | null>): void => lab.trace.add(kind, entity, value, detail, startNs + clock(at));

  for (const [entity, { kb, rssKb, pssKb }] of memory) add(0, 'memory', entity, kb, { rssKb, pssKb });
  for (const owner of new Set(['parent', ...runners.map(({ member }) => processOf(member))])) add(0, 'counter', `process:${owner}`, 0);
  for (const { member } of runners) {
    add(0, 'arrive', `thread:${member.name}`, 0, { process: processOf(member), pid: member.pid, tid: member.tid });
    add(0, 'ready', `thread:${member.name}`, 0, { why: 'arrival' });
  }
  let ready = runners.length;
  add(0, 'run-queue', 'run-queue', ready);
  for (const { at, begins, piece } of changesOf(pieces)) {
    const { member: { name }, member, core, reads } = piece;
    if (begins) {
      add(at, 'dispatch', `core:${core}`, 0, { thread: name, process: processOf(member) });
      add(at, 'run-queue', 'run-queue', --ready);
    } else if (reads !== null) {
      add(at, 'counter', `process:${processOf(member)}`, reads);
      add(at, 'finish', `thread:${name}`, clock(at));
    } else {
      add(at, 'preempt', `core:${core}`, 0, { thread: name, why: 'preempted' });
      add(at, 'ready', `thread:${name}`, 0, { why: 'preempted' });
      add(at, 'run-queue', 'run-queue', ++ready);
    }
  }
  add(endNs, 'counter', 'process:parent', parentReads);
}

function processOf({ kind, name }: Member): string {
  return kind === 'process' ? name : 'parent';
}

/** Every time that a thread had a core, in order of their beginnings; cores count from 0. */
function piecesOf({ runners, atNs, cores }: Run): Piece[] {
  const busyUntil: number[] = [];
  return runners
    .flatMap(({ member, done: { slices, reads } }) =>
      slices.map(({ fromNs, toNs, core: number }, i) => ({ member, number, fromNs: fromNs - atNs, toNs: toNs - atNs, reads: i === slices.length - 1 ? reads : null })),
    )
    .sort((a, b) => a.fromNs - b.fromNs)
    .map(({ number, ...piece }) => {
      const free = busyUntil.findIndex((until) => until <= piece.fromNs);
      // Where the system does not say which core it was, it is drawn on the first that was free.
      const core = Math.max(0, number === null ? (free < 0 ? busyUntil.length : free) : (cores?.indexOf(number) ?? number));
      busyUntil[core] = piece.toNs;
      return { ...piece, core };
    });
}

/** Beginnings and ends in order of time; at one time, ends first. */
function changesOf(pieces: readonly Piece[]): { readonly at: number; readonly begins: boolean; readonly piece: Piece }[] {
  return pieces
    .flatMap((piece) => [{ at: piece.fromNs, begins: true, piece }, { at: piece.toNs, begins: false, piece }])
    .sort((a, b) => a.at - b.at || Number(a.begins) - Number(b.begins));
}
