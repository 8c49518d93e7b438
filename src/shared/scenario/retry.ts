import { Type, type Static } from '@sinclair/typebox';
import { HumanError } from '../errors.ts';
import { validated } from '../validate.ts';
import { annotations } from './annotations.ts';

const WHAT = 'this retry scenario';

/** All attempts of a run are simulated one by one; this keeps a run within seconds. */
const MOST_ATTEMPTS = 20_000_000;

const Probability = Type.Number({ minimum: 0, maximum: 1 });
const Milliseconds = Type.Number({ minimum: 0, maximum: 86_400_000 });

/** Clients that each want one charge and try until they have a reply; times in milliseconds. */
export const RetryScenarioSchema = Type.Object(
  {
    kind: Type.Literal('retry'),
    intents: Type.Integer({ minimum: 1, maximum: 5_000_000 }),
    request_loss: Probability,
    reply_loss: Probability,
    max_attempts: Type.Integer({ minimum: 1, maximum: 1000 }),
    /** Whether a request carries its intent's idempotency key. */
    key: Type.Boolean(),
    /** 0 where missing. */
    crash_before_reply: Type.Optional(Probability),
    /** Whether the server's memory of keys outlives its crash; true where missing. */
    store_survives_crash: Type.Optional(Type.Boolean()),
    /** When the server notes the key: as soon as the request arrives (where missing), or together with its reply, so that a copy which comes in between is not recognised. */
    key_recorded: Type.Optional(Type.Union([Type.Literal('on-arrival'), Type.Literal('with-reply')])),
    /** From a recognised copy's arrival to its reply, which is that of the first and not before it is made; where missing, service_ms, as for any request. */
    replay_ms: Type.Optional(Milliseconds),
    /** 200 where missing. */
    timeout_ms: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 86_400_000 })),
    /** No delay where missing. */
    backoff: Type.Optional(
      Type.Object(
        {
          base_ms: Milliseconds,
          factor: Type.Number({ minimum: 1, maximum: 100 }),
          jitter: Type.Union([Type.Literal('full'), Type.Literal('none')]),
        },
        { additionalProperties: false },
      ),
    ),
    /** From a request's arrival to its reply; 0 where missing. */
    service_ms: Type.Optional(Milliseconds),
    /** Names the run: the same seed gives the same output; 1 where missing. */
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    ...annotations,
  },
  { additionalProperties: false },
);
export type RetryScenario = Static<typeof RetryScenarioSchema>;

/** `value` as a retry scenario. @throws HumanError, one sentence that names the first wrong field and what it may be. */
export function parseRetryScenario(value: unknown): RetryScenario {
  const scenario = validated(RetryScenarioSchema, value, WHAT);
  const { intents, max_attempts } = scenario;
  if (intents * max_attempts > MOST_ATTEMPTS) {
    const most = Math.floor(MOST_ATTEMPTS / intents);
    throw new HumanError(`In ${WHAT}, "max_attempts" must be at most ${most} for ${intents} intents (found ${max_attempts}).`);
  }
  const { base_ms, factor } = scenario.backoff ?? { base_ms: 0, factor: 1 };
  if (base_ms > 0 && base_ms * factor ** (max_attempts - 1) > Number.MAX_SAFE_INTEGER) {
    throw new HumanError(`In ${WHAT}, "backoff.factor" must be smaller: the last of ${max_attempts} attempts would wait longer than 285,000 years (found ${factor}).`);
  }
  return scenario;
}
