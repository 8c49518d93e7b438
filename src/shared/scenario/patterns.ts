import { Type, type Static } from '@sinclair/typebox';
import { HumanError } from '../errors.ts';
import { validated } from '../validate.ts';
import { annotations } from './annotations.ts';
import { Arrival, checkArrival, checkDistribution, Distribution } from './distribution.ts';

const WHAT = 'this patterns scenario';
const closed = { additionalProperties: false };

/** CPU time; times have the scenario's unit. 0 where missing. */
const Cost = Type.Optional(Type.Number({ minimum: 0, maximum: 1e9 }));
const Kilobytes = Type.Optional(Type.Number({ minimum: 0, maximum: 2 ** 30 }));
const Time = Type.Number({ minimum: 0, maximum: 1e12 });

export const PATTERNS = ['single', 'shared-listener', 'per-connection', 'primary', 'reuseport', 'thread-pool', 'single-fork'] as const;

/** Requests that are alike: `share` of all, `cpu` time each, then `io` time that needs no CPU. */
export const RequestClass = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    share: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
    cpu: Distribution,
    io: Type.Optional(Distribution),
  },
  closed,
);
export type RequestClass = Static<typeof RequestClass>;

/** How a server accepts, dispatches and executes. What the fields do in each pattern is said in `sim/patterns`. */
export const PatternsScenarioSchema = Type.Object(
  {
    kind: Type.Literal('patterns'),
    pattern: Type.Union(PATTERNS.map((pattern) => Type.Literal(pattern))),
    /** Of the patterns that have several; 1 where missing. */
    workers: Type.Optional(Type.Integer({ minimum: 1, maximum: 4096 })),
    /** 1 where missing. */
    cores: Type.Optional(Type.Integer({ minimum: 1, maximum: 512 })),
    /** `event-loop` for `single` and `single-fork`, `blocking` for the others, where missing. */
    worker: Type.Optional(Type.Union([Type.Literal('blocking'), Type.Literal('event-loop')])),
    /** `fifo` where missing. */
    wakeup: Type.Optional(Type.Union([Type.Literal('fifo'), Type.Literal('first'), Type.Literal('last'), Type.Literal('random')])),
    arrival: Arrival,
    classes: Type.Array(RequestClass, { minItems: 1, maxItems: 100 }),
    /** Arrivals in all, the warm-up included. */
    requests: Type.Integer({ minimum: 1, maximum: 2_000_000 }),
    /** The first arrivals, which no figure counts; 0 where missing. */
    warmup: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_000_000 })),
    /** Names the run: the same seed gives the same output; 1 where missing. */
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    /** Of taking one connection from the kernel. */
    accept_cost: Cost,
    /** Of handing one request to a worker, where somebody does. */
    dispatch_cost: Cost,
    /** Of a core's turning to another process, or to another thread of the same. */
    context_switch: Type.Optional(Type.Object({ process: Cost, thread: Cost }, closed)),
    /** Of making a process, or of starting a worker again. */
    spawn_cost: Cost,
    worker_memory_kb: Kilobytes,
    shared_kb: Kilobytes,
    /** Worker number `worker`, counted from 0, dies `at` this time; it starts again after `respawn_after`, never where that is missing. */
    crash: Type.Optional(
      Type.Object({ worker: Type.Integer({ minimum: 0, maximum: 4095 }), at: Time, respawn_after: Type.Optional(Type.Union([Time, Type.Null()])) }, closed),
    ),
    /** Of `single-fork`: when it forks, the CPU time that the child needs, and what it costs. The child works from the start to the end where missing. */
    fork: Type.Optional(
      Type.Object(
        {
          at: Time,
          /** Null: until the end. */
          child_cpu: Type.Union([Time, Type.Null()]),
          /** Random pages of the parent's memory that a request writes; 1 where missing. */
          pages_per_request: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
          /** Of copying one page at its first write. */
          page_copy_cost: Cost,
        },
        closed,
      ),
    ),
    ...annotations,
  },
  closed,
);
export type PatternsScenario = Static<typeof PatternsScenarioSchema>;

/** `value` as a patterns scenario. @throws HumanError, one sentence that names the first wrong field and what it may be. */
export function parsePatternsScenario(value: unknown): PatternsScenario {
  const scenario = validated(PatternsScenarioSchema, value, WHAT);
  checkArrival(scenario.arrival, 'arrival', WHAT);
  checkClasses(scenario.classes);
  const { requests, warmup = 0, workers = 1, crash } = scenario;
  if (warmup >= requests) throw new HumanError(`In ${WHAT}, "warmup" must be below "requests", which is ${requests} (found ${warmup}).`);
  if (crash && crash.worker >= workers) {
    throw new HumanError(`In ${WHAT}, "crash.worker" must be a whole number from 0 to ${workers - 1}, as there are ${workers} workers (found ${crash.worker}).`);
  }
  if (scenario.fork && scenario.pattern !== 'single-fork') {
    throw new HumanError(`In ${WHAT}, "fork" must be left out where "pattern" is ${JSON.stringify(scenario.pattern)}: only single-fork forks.`);
  }
  return scenario;
}

function checkClasses(classes: readonly RequestClass[]): void {
  const names = new Set<string>();
  let sum = 0;
  for (const [i, { name, share, cpu, io }] of classes.entries()) {
    if (names.has(name)) throw new HumanError(`In ${WHAT}, "classes.${i}.name" must differ from the others' (found ${JSON.stringify(name)} twice).`);
    names.add(name);
    sum += share;
    checkDistribution(cpu, `classes.${i}.cpu`, WHAT);
    if (io) checkDistribution(io, `classes.${i}.io`, WHAT);
  }
  if (Math.abs(sum - 1) > 1e-6) throw new HumanError(`In ${WHAT}, the "share" of all "classes" must add up to 1 (they add up to ${Number(sum.toFixed(6))}).`);
}
