import { Type, type Static } from '@sinclair/typebox';
import { HumanError } from '../errors.ts';
import { validated } from '../validate.ts';
import { annotations } from './annotations.ts';
import { copies } from './copies.ts';

const MAX_THREADS = 256;
/** Above this many slices a run would take seconds and its timeline help nobody. */
const MAX_SLICES = 300_000;

/** Times are kept as whole millionths of the scenario's unit, so that sums are exact. */
const duration = Type.Number({ minimum: 1e-6, maximum: 1e9 });
const instant = Type.Number({ minimum: 0, maximum: 1e9 });
const cost = Type.Number({ minimum: 0, maximum: 1e6 });

const cpuBurst = Type.Object({ cpu: duration }, { additionalProperties: false });
const ioBurst = Type.Object({ io: duration }, { additionalProperties: false });
const burst = Type.Union([cpuBurst, ioBurst]);
const bursts = Type.Array(burst, { minItems: 1, maxItems: 10_000 });

/** `{name: "t", count: 2}` is t1 and t2. */
const count = Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_THREADS }));
const memoryKb = Type.Optional(Type.Number({ minimum: 0, maximum: 1e12 }));
/** What a thread adds to the counter in its process's memory by the time it ends. */
const adds = Type.Optional(Type.Integer({ minimum: 0, maximum: 1e9 }));

const thread = Type.Object({ name: Type.String({ minLength: 1 }), count, memory_kb: memoryKb, adds, bursts }, { additionalProperties: false });

const process = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    arrival: Type.Optional(instant),
    count,
    /** Its own, besides what its threads say that they take. */
    memory_kb: memoryKb,
    /** The process whose memory it has, as a clone(2) with CLONE_VM would; its own unless given. */
    shares_memory_of: Type.Optional(Type.String({ minLength: 1 })),
    threads: Type.Optional(Type.Array(thread, { minItems: 1, maxItems: MAX_THREADS })),
    bursts: Type.Optional(bursts),
    adds,
  },
  { additionalProperties: false },
);

/** The scheduling policies, by the names a scenario gives them. */
export const cpuPolicy = Type.Union(
  [
    Type.Literal('fifo'),
    Type.Literal('sjf'),
    Type.Literal('stcf'),
    Type.Literal('round-robin'),
    Type.Literal('mlfq'),
    Type.Literal('fair'),
  ],
  { description: 'one of fifo, sjf, stcf, round-robin, mlfq, fair', errorFromDescription: true },
);

/** A scenario of kind `cpu`. Times have the scenario's own unit; the trace counts it as a millisecond. */
export const cpuScenarioSchema = Type.Object(
  {
    ...annotations,
    kind: Type.Literal('cpu'),
    cores: Type.Optional(Type.Integer({ minimum: 1, maximum: 256 })),
    policy: cpuPolicy,
    quantum: Type.Optional(Type.Union([duration, Type.Null()])),
    quanta: Type.Optional(Type.Array(duration, { minItems: 1, maxItems: 64 })),
    allotments: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 1e6 }), { minItems: 1, maxItems: 64 })),
    boost: Type.Optional(Type.Union([duration, Type.Null()])),
    context_switch: Type.Optional(
      Type.Object({ process: Type.Optional(cost), thread: Type.Optional(cost) }, { additionalProperties: false }),
    ),
    processes: Type.Array(process, { minItems: 1, maxItems: MAX_THREADS }),
  },
  { additionalProperties: false },
);

export type CpuScenario = Static<typeof cpuScenarioSchema>;
export type CpuPolicyName = Static<typeof cpuPolicy>;
export type CpuProcess = Static<typeof process>;
export type CpuThread = Static<typeof thread>;
export type CpuBurst = Static<typeof burst>;

/** What `simulate` prints for kind `cpu`; times in the scenario's unit. */
export interface CpuOutput {
  readonly timeline: readonly CpuSlice[];
  /** In the order in which the scenario lists them. */
  readonly threads: readonly CpuThreadResult[];
  readonly cores: readonly CpuCoreResult[];
  /** Per process what it reads at the end in the counter that its threads add to; only where some thread adds. */
  readonly counters?: readonly { readonly process: string; readonly counter: number }[];
}

/** One thread on one core without a break; context switches lie between slices. */
export interface CpuSlice {
  readonly core: number;
  readonly thread: string;
  readonly from: number;
  readonly to: number;
}

export interface CpuThreadResult {
  readonly thread: string;
  /** First run − arrival. */
  readonly response: number;
  /** End of the last burst − arrival. */
  readonly turnaround: number;
  /** Turnaround − run − I/O. */
  readonly wait: number;
}

export interface CpuCoreResult {
  readonly core: number;
  /** Share of the time until the last thread ended in which this core ran a thread; switches are not counted. */
  readonly utilization: number;
  /** Dispatches of another thread than the core ran last. */
  readonly switches: number;
}

/** The threads of a process; one that gives `bursts` itself has one thread of its own name. */
export function threadsOf(process: CpuProcess): readonly CpuThread[] {
  const { name, bursts = [], adds: added } = process;
  return process.threads ?? [{ name, bursts, ...(added !== undefined && { adds: added }) }];
}

/**
 * Checks a scenario of kind `cpu`. What comes back has no `count` left: its processes and threads are there one by one, the
 * threads of a counted process by names like `worker2/t1`.
 * @throws HumanError with one sentence that names the field and what it may be.
 */
export function parseCpuScenario(value: unknown): CpuScenario {
  const described = validated(cpuScenarioSchema, value, 'this cpu scenario');
  checkForms(described);
  checkProcesses(described);
  const scenario = { ...described, processes: described.processes.flatMap(oneByOne) };
  checkPolicyFields(scenario);
  checkLength(scenario);
  return scenario;
}

function oneByOne(process: CpuProcess): CpuProcess[] {
  const counted = process.count !== undefined;
  return copies(process).map(({ threads, ...each }) => ({
    ...each,
    ...(threads && { threads: threads.flatMap(copies).map((one) => (counted ? { ...one, name: `${each.name}/${one.name}` } : one)) }),
  }));
}

function checkForms({ processes }: CpuScenario): void {
  for (const [i, process] of processes.entries()) {
    if ((process.threads === undefined) === (process.bursts === undefined)) {
      throw new HumanError(`In this cpu scenario, "processes.${i}" must give either "threads" or, for a single thread, "bursts".`);
    }
    if (process.threads && process.adds !== undefined) {
      throw new HumanError(`In this cpu scenario, "processes.${i}.adds" must be left out, since the process gives "threads": each of those says what it adds.`);
    }
  }
}

function checkProcesses({ processes }: CpuScenario): void {
  const all = processes.map(oneByOne);
  const names = new Set(all.flat().map(({ name }) => name));
  const seen = new Set<string>();
  for (const [i, process] of all.flatMap((each, i) => each.map((one) => [i, one] as const))) {
    const field = `processes.${i}`;
    const { name: self, shares_memory_of: owner } = process;
    if (owner !== undefined && (!names.has(owner) || owner === self)) {
      throw new HumanError(`In this cpu scenario, "${field}.shares_memory_of" must name another process (found "${owner}").`);
    }
    for (const { name, bursts } of threadsOf(process)) {
      if (seen.has(name)) {
        throw new HumanError(`In this cpu scenario, "${field}" names a second thread "${name}", but thread names must differ, since the timeline uses them.`);
      }
      seen.add(name);
      if (!bursts.some((each) => 'cpu' in each)) {
        throw new HumanError(`In this cpu scenario, the "bursts" of thread "${name}" must hold at least one {"cpu": …}.`);
      }
    }
  }
  if (seen.size < 1 || seen.size > MAX_THREADS) {
    throw new HumanError(`In this cpu scenario, "processes" must have 1 to ${MAX_THREADS} threads in all (found ${seen.size}).`);
  }
}

function checkPolicyFields({ policy, quantum, quanta, allotments }: CpuScenario): void {
  if ((policy === 'round-robin' || policy === 'fair') && typeof quantum !== 'number') {
    throw new HumanError(`In this cpu scenario, "quantum" must be a number of at least 0.000001, since the policy is ${policy}.`);
  }
  if (policy !== 'mlfq') return;
  if (!quanta) throw new HumanError('In this cpu scenario, "quanta" must be a list with one number for each level, since the policy is mlfq.');
  if (allotments && allotments.length !== quanta.length) {
    throw new HumanError(`In this cpu scenario, "allotments" must have as many entries as "quanta", which is ${quanta.length} (found ${allotments.length}).`);
  }
}

/** Refuses what would make too many slices, or sums of millionths that doubles cannot hold. */
function checkLength(scenario: CpuScenario): void {
  const all = scenario.processes.flatMap(threadsOf).flatMap((thread) => thread.bursts);
  const cpu = sum(all.map((each) => ('cpu' in each ? each.cpu : 0)));
  const total = cpu + sum(all.map((each) => ('io' in each ? each.io : 0))) + sum(scenario.processes.map((each) => each.arrival ?? 0));
  if (total > 1e9) throw new HumanError(`In this cpu scenario, "processes" must have arrivals and bursts that add up to at most 1000000000 (found ${total}).`);
  const [field, quantum] = shortestQuantum(scenario);
  if (cpu / quantum > MAX_SLICES) {
    throw new HumanError(`In this cpu scenario, "${field}" must be at least ${cpu / MAX_SLICES} for this much CPU time (found ${quantum}).`);
  }
  const { process = 0, thread = 0 } = scenario.context_switch ?? {};
  const longest = total + Math.max(process, thread) * (cpu / quantum + 2 * all.length);
  if (longest > 9e9) throw new HumanError('In this cpu scenario, "context_switch" must be smaller: the switches alone could take more than 9000000000.');
  if (scenario.policy === 'mlfq' && scenario.boost && longest / scenario.boost > MAX_SLICES) {
    throw new HumanError(`In this cpu scenario, "boost" must be null or at least ${longest / MAX_SLICES} for a run this long (found ${scenario.boost}).`);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function shortestQuantum({ policy, quantum, quanta }: CpuScenario): [field: string, quantum: number] {
  if (policy === 'mlfq') return ['quanta', Math.min(...(quanta ?? []))];
  if (policy === 'round-robin' || policy === 'fair') return ['quantum', quantum ?? Infinity];
  return ['quantum', Infinity];
}
