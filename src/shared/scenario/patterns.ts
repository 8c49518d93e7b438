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

/** Requests that are alike: `share` of all, `cpu` time each, then `io` time that needs no CPU, then CPU time `after` it. */
export const RequestClass = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    /** Left out where a `schedule` says when each comes. */
    share: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
    cpu: Distribution,
    /** None where null or missing. */
    io: Type.Optional(Type.Union([Distribution, Type.Null()])),
    /** Of the callback when the I/O is over, which an event loop runs when it is free; a request without I/O has none. */
    after: Type.Optional(Distribution),
  },
  closed,
);
export type RequestClass = Static<typeof RequestClass>;

/** `count` requests of one class: the first `at` this time, then one `every` so often. */
const Scheduled = Type.Object({ class: Type.String(), at: Time, every: Time, count: Type.Integer({ minimum: 0, maximum: 100_000 }) }, closed);

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
    arrival: Type.Optional(Arrival),
    classes: Type.Array(RequestClass, { minItems: 1, maxItems: 100 }),
    /** Arrivals in all, the warm-up included. */
    requests: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_000_000 })),
    /** Who comes when, in place of `arrival`, `requests` and the classes' `share`. Of two at one time the first listed comes first. */
    schedule: Type.Optional(Type.Array(Scheduled, { minItems: 1, maxItems: 100 })),
    /**
     * Who completes a connection: the `kernel`, at once, whatever the program does, as it is; or the `program`, when a worker takes it up, as many
     * believe. Where given, the trace tells when each was connected.
     */
    handshake: Type.Optional(Type.Union([Type.Literal('kernel'), Type.Literal('program')])),
    /** The first arrivals, which no figure counts; 0 where missing. */
    warmup: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_000_000 })),
    /** Names the run: the same seed gives the same output; 1 where missing. */
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    /** Of taking one connection from the kernel. */
    accept_cost: Cost,
    /**
     * Of `primary`. `blind`: each worker has its turn, busy or not, and whatever it was given waits at the worker. `acknowledged`: who has not yet
     * taken up what it was given last is passed over, as in Node's cluster; what nobody can be given waits at the primary. `blind` where missing.
     */
    handoff: Type.Optional(Type.Union([Type.Literal('blind'), Type.Literal('acknowledged')])),
    /** Of handing one request to a worker, where somebody does. */
    dispatch_cost: Cost,
    /** Of a core's turning to another process, or to another thread of the same. */
    context_switch: Type.Optional(Type.Object({ process: Cost, thread: Cost }, closed)),
    /** Of making a process, or of starting a worker again. */
    spawn_cost: Cost,
    /** Of `per-connection`: of a process's end, after its reply. */
    exit_cost: Cost,
    worker_memory_kb: Kilobytes,
    shared_kb: Kilobytes,
    /** Worker number `worker`, counted from 0, dies `at` this time; it starts again after `respawn_after`, never where that is missing. */
    crash: Type.Optional(
      Type.Object({ worker: Type.Integer({ minimum: 0, maximum: 4095 }), at: Time, respawn_after: Type.Optional(Type.Union([Time, Type.Null()])) }, closed),
    ),
    /** The workers are threads of one process: where one crashes all die, with what waits for them, and who comes meanwhile is refused. */
    one_process: Type.Optional(Type.Boolean()),
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
/** A scenario that was checked: it has either a schedule or an arrival process, and knows its number of requests. */
export type PatternsScenario = Static<typeof PatternsScenarioSchema> & { readonly requests: number };

/** `value` as a patterns scenario. @throws HumanError, one sentence that names the first wrong field and what it may be. */
export function parsePatternsScenario(value: unknown): PatternsScenario {
  const given = validated(PatternsScenarioSchema, value, WHAT);
  const requests = given.schedule ? scheduledRequests(given, given.schedule) : drawnRequests(given);
  const scenario = { ...given, requests };
  checkTimes(scenario.classes);
  const { warmup = 0, workers = 1, crash } = scenario;
  if (warmup >= requests) throw new HumanError(`In ${WHAT}, "warmup" must be below "requests", which is ${requests} (found ${warmup}).`);
  if (crash && crash.worker >= workers) {
    throw new HumanError(`In ${WHAT}, "crash.worker" must be a whole number from 0 to ${workers - 1}, as there are ${workers} workers (found ${crash.worker}).`);
  }
  if (scenario.fork && scenario.pattern !== 'single-fork') {
    throw new HumanError(`In ${WHAT}, "fork" must be left out where "pattern" is ${JSON.stringify(scenario.pattern)}: only single-fork forks.`);
  }
  return scenario;
}

/** How many requests a schedule has. Refuses what it takes the place of. */
function scheduledRequests({ arrival, requests, classes }: Static<typeof PatternsScenarioSchema>, schedule: readonly Static<typeof Scheduled>[]): number {
  const given: readonly (readonly [string, unknown])[] = [['arrival', arrival], ['requests', requests], ...classes.map(({ share }, i) => [`classes.${i}.share`, share] as const)];
  const extra = given.find(([, value]) => value !== undefined);
  if (extra) throw new HumanError(`In ${WHAT}, "${extra[0]}" must be left out where there is a "schedule", which says who comes when.`);
  const names = namesOf(classes);
  for (const [i, entry] of schedule.entries()) {
    if (!names.has(entry.class)) throw new HumanError(`In ${WHAT}, "schedule.${i}.class" must be the name of a class: ${[...names].join(', ')} (found ${JSON.stringify(entry.class)}).`);
  }
  const count = schedule.reduce((sum, entry) => sum + entry.count, 0);
  if (count < 1) throw new HumanError(`In ${WHAT}, the "count" of all entries of "schedule" must add up to at least 1.`);
  return count;
}

/** How many requests an arrival process makes. */
function drawnRequests({ arrival, requests, classes }: Static<typeof PatternsScenarioSchema>): number {
  if (!arrival) throw new HumanError(`In ${WHAT}, "arrival" must be an object (it is missing, and so is "schedule").`);
  if (requests === undefined) throw new HumanError(`In ${WHAT}, "requests" must be a whole number from 1 to 2000000 (it is missing).`);
  checkArrival(arrival, 'arrival', WHAT);
  namesOf(classes);
  const without = classes.findIndex(({ share }) => share === undefined);
  if (without >= 0) throw new HumanError(`In ${WHAT}, "classes.${without}.share" must be a number above 0 and at most 1 (it is missing).`);
  const sum = classes.reduce((total, { share = 0 }) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-6) throw new HumanError(`In ${WHAT}, the "share" of all "classes" must add up to 1 (they add up to ${Number(sum.toFixed(6))}).`);
  return requests;
}

function namesOf(classes: readonly RequestClass[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [i, { name }] of classes.entries()) {
    if (names.has(name)) throw new HumanError(`In ${WHAT}, "classes.${i}.name" must differ from the others' (found ${JSON.stringify(name)} twice).`);
    names.add(name);
  }
  return names;
}

function checkTimes(classes: readonly RequestClass[]): void {
  for (const [i, { cpu, io, after }] of classes.entries()) {
    checkDistribution(cpu, `classes.${i}.cpu`, WHAT);
    if (io) checkDistribution(io, `classes.${i}.io`, WHAT);
    if (after) checkDistribution(after, `classes.${i}.after`, WHAT);
  }
}
