import { Type, type Static } from '@sinclair/typebox';
import { HumanError } from '../errors.ts';
import { validated } from '../validate.ts';
import { annotations } from './annotations.ts';
import { Arrival, checkArrival, checkDistribution, Distribution } from './distribution.ts';

const WHAT = 'this queue scenario';

/** An overloaded shared server keeps everyone present, in a heap: this keeps a run within half a minute. */
const MOST_SHARING = 2_000_000;

/** One station with `servers` equal servers. Times have no unit but the scenario's. */
export const QueueScenarioSchema = Type.Object(
  {
    kind: Type.Literal('queue'),
    servers: Type.Integer({ minimum: 1, maximum: 10_000 }),
    arrival: Arrival,
    service: Distribution,
    /** Arrivals in all, the warm-up included. */
    customers: Type.Integer({ minimum: 1, maximum: 10_000_000 }),
    /** The first arrivals, which no figure counts; 0 where missing. */
    warmup: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000 })),
    /** Names the run: the same seed gives the same output; 1 where missing. */
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    /** Waiting places; null, or missing, for endless. */
    capacity: Type.Optional(Type.Union([Type.Integer({ minimum: 0, maximum: 10_000_000 }), Type.Null()])),
    /** `fifo` where missing. */
    discipline: Type.Optional(Type.Union([Type.Literal('fifo'), Type.Literal('lifo'), Type.Literal('processor-sharing')])),
    ...annotations,
  },
  { additionalProperties: false },
);
export type QueueScenario = Static<typeof QueueScenarioSchema>;

/** `value` as a queue scenario. @throws HumanError, one sentence that names the first wrong field and what it may be. */
export function parseQueueScenario(value: unknown): QueueScenario {
  const scenario = validated(QueueScenarioSchema, value, WHAT);
  checkArrival(scenario.arrival, 'arrival', WHAT);
  checkDistribution(scenario.service, 'service', WHAT);
  const { customers, warmup = 0, discipline } = scenario;
  if (discipline === 'processor-sharing' && customers > MOST_SHARING) {
    throw new HumanError(`In ${WHAT}, "customers" must be at most ${MOST_SHARING} under processor-sharing (found ${customers}).`);
  }
  if (warmup >= customers) throw new HumanError(`In ${WHAT}, "warmup" must be below "customers", which is ${customers} (found ${warmup}).`);
  return scenario;
}
