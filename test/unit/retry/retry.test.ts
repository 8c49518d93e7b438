import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HumanError } from '../../../src/shared/errors.ts';
import { RETRY_KIND } from '../../../src/shared/retryTrace.ts';
import { parseRetryScenario } from '../../../src/shared/scenario/retry.ts';
import { events } from '../../../src/shared/trace.ts';
import { simulateRetry } from '../../../src/sim/retry/simulate.ts';
import { exact, type Figure } from './closedForm.ts';

const valid = {
  kind: 'retry',
  intents: 50_000,
  request_loss: 0.1,
  reply_loss: 0.1,
  max_attempts: 4,
  key: false,
  crash_before_reply: 0,
  store_survives_crash: true,
  timeout_ms: 200,
  backoff: { base_ms: 50, factor: 2, jitter: 'full' },
  service_ms: 5,
  seed: 1,
};

const combinations = [0, 0.1, 0.5].flatMap((request_loss) =>
  [0, 0.3].flatMap((reply_loss) =>
    [1, 2, 5].flatMap((max_attempts) =>
      [false, true].flatMap((key) =>
        [0, 0.2].flatMap((crash_before_reply) =>
          (crash_before_reply > 0 ? [true, false] : [true]).map((store_survives_crash) => ({
            request_loss,
            reply_loss,
            max_attempts,
            key,
            crash_before_reply,
            store_survives_crash,
          })),
        ),
      ),
    ),
  ),
);

describe('charges against the closed form', () => {
  it.each(combinations)('%j', (combination) => {
    const scenario = parseRetryScenario({ ...valid, ...combination });
    const { output } = simulateRetry(scenario);
    for (const [figure, { mean, variance }] of Object.entries(exact(scenario)) as [Figure, { mean: number; variance: number }][]) {
      const difference = Math.abs(output[figure] - mean * scenario.intents);
      // Four standard errors; where nothing varies, exactly.
      expect(difference, figure).toBeLessThanOrEqual(4 * Math.sqrt(variance * scenario.intents) + 1e-6);
    }
  });

  it('has the textbook cases: one charge per arriving attempt without a key, once at most with one', () => {
    const p = 0.1 + 0.9 * 0.1;
    const attempts = (1 - p ** 4) / (1 - p);
    expect(exact(parseRetryScenario(valid)).charges.mean).toBeCloseTo(0.9 * attempts, 12);
    expect(exact(parseRetryScenario({ ...valid, key: true })).charges.mean).toBeCloseTo(1 - 0.1 ** 4, 12);
  });
});

describe('the retry model', () => {
  it('waits as the client does: time-outs and whole delays without jitter', () => {
    const backoff = { base_ms: 50, factor: 2, jitter: 'none' };
    const { output } = simulateRetry(parseRetryScenario({ ...valid, request_loss: 0.5, backoff }));
    // Answered at the first, second, third attempt: 5, 200 + 50 + 5, 200 + 50 + 200 + 100 + 5 ms.
    expect([5, 255, 555, 955]).toContain(output.latency_percentiles['90']);
    expect(output.latency_percentiles['50']).toBe(255);
    expect(output.latency_percentiles['99.9']).toBe(955);
  });

  it('halves the mean delay with full jitter', () => {
    const one = { ...valid, request_loss: 0.5, reply_loss: 0, max_attempts: 2, backoff: { base_ms: 1000, factor: 1, jitter: 'full' } };
    const { output } = simulateRetry(parseRetryScenario(one));
    // Two thirds of the answered need one attempt, a third lies evenly from 205 to 1205 ms: 0.9 is at 0.7 of that.
    expect(output.latency_percentiles['90']).toBeGreaterThan(885);
    expect(output.latency_percentiles['90']).toBeLessThan(925);
  });

  it('takes a reply after the time-out for lost', () => {
    const { output } = simulateRetry(parseRetryScenario({ ...valid, intents: 100, request_loss: 0, reply_loss: 0, service_ms: 201 }));
    expect(output).toMatchObject({ charges: 400, double_charged: 100, charged_unknown: 100, not_charged: 0, attempts: 400 });
    expect(output.latency_percentiles['50']).toBeNull();
  });

  it('takes a reply at the time-out itself for one in time, whatever the times before it were', () => {
    // Each jittered delay moves the next attempt to a time at which adding 200 and taking it away again need not give 200.
    const atTimeout = parseRetryScenario({ ...valid, reply_loss: 0.3, crash_before_reply: 0.1, max_attempts: 8, service_ms: 200, timeout_ms: 200 });
    const { output } = simulateRetry(atTimeout);
    const { mean, variance } = exact(atTimeout).attempts;
    expect(Math.abs(output.attempts - mean * atTimeout.intents)).toBeLessThan(4 * Math.sqrt(variance * atTimeout.intents));
    // With the same losses a quicker server is asked exactly as often.
    expect(output.attempts).toBe(simulateRetry({ ...atTimeout, service_ms: 5 }).output.attempts);
  });

  it('answers a recognised copy as soon as the first is done, where it keeps the reply', () => {
    const late = { ...valid, intents: 10, request_loss: 0, reply_loss: 0, key: true, timeout_ms: 100, service_ms: 150, backoff: { base_ms: 0, factor: 1, jitter: 'none' }, replay_ms: 2 };
    const waited = simulateRetry(parseRetryScenario(late)).output;
    expect(waited).toMatchObject({ charges: 10, attempts: 20, charged_unknown: 0 });
    expect(waited.latency_percentiles['50']).toBe(150);
    const afterwards = simulateRetry(parseRetryScenario({ ...late, backoff: { base_ms: 60, factor: 1, jitter: 'none' } })).output;
    expect(afterwards.latency_percentiles['50']).toBe(162);
  });

  it('charges for each copy that comes before the key is noted', () => {
    const late = { ...valid, intents: 10, request_loss: 0, reply_loss: 0, key: true, timeout_ms: 100, service_ms: 250, backoff: { base_ms: 0, factor: 1, jitter: 'none' }, replay_ms: 0, key_recorded: 'with-reply' };
    // At 0, 100 and 200 ms they find no key; the one at 300 ms finds that of the first.
    const { output } = simulateRetry(parseRetryScenario(late));
    expect(output).toMatchObject({ charges: 30, double_charged: 10, attempts: 40, charged_unknown: 0 });
    expect(output.latency_percentiles['50']).toBe(300);
    expect(simulateRetry(parseRetryScenario({ ...late, key_recorded: 'on-arrival' })).output).toMatchObject({ charges: 10, attempts: 30 });
  });

  it('meets the same losses with a key and without', () => {
    const without = simulateRetry(parseRetryScenario(valid)).output;
    const withKey = simulateRetry(parseRetryScenario({ ...valid, key: true })).output;
    expect(withKey.attempts).toBe(without.attempts);
    expect(withKey.not_charged).toBe(without.not_charged);
    expect(withKey.latency_percentiles).toEqual(without.latency_percentiles);
    expect(withKey.charges).toBe(50_000 - withKey.not_charged);
  });

  it('tells every charge, time-out and answer of the traced intents', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    const scenarios = fc.record({
      kind: fc.constant('retry'),
      intents: fc.integer({ min: 1, max: 40 }),
      request_loss: probability,
      reply_loss: probability,
      crash_before_reply: probability,
      max_attempts: fc.integer({ min: 1, max: 6 }),
      key: fc.boolean(),
      store_survives_crash: fc.boolean(),
      service_ms: fc.constantFrom(0, 5, 300),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(scenarios, (input) => {
        const { output, trace } = simulateRetry(parseRetryScenario(input));
        const count = (kind: string): number => [...events(trace)].filter((row) => row.kind === kind).length;
        expect(count(RETRY_KIND.charge)).toBe(output.charges);
        expect(count(RETRY_KIND.attempt)).toBe(output.attempts);
        expect(count(RETRY_KIND.answered) + count(RETRY_KIND.giveUp)).toBe(input.intents);
        expect(count(RETRY_KIND.timeout) + count(RETRY_KIND.answered)).toBe(output.attempts);
        expect([...trace.timeNs].sort((a, b) => a - b)).toEqual(trace.timeNs);
        expect(JSON.stringify(simulateRetry(parseRetryScenario(input)))).toBe(JSON.stringify({ output, trace }));
      }),
      { numRuns: 100 },
    );
  });
});

describe('parseRetryScenario', () => {
  it('takes the documented form', () => {
    expect(parseRetryScenario(valid)).toEqual(valid);
  });

  it.each<[object, RegExp]>([
    [{ request_loss: 1.1 }, /"request_loss" must be a number from 0 to 1 \(found 1.1\)/],
    [{ key: undefined }, /"key" must be true or false \(it is missing\)/],
    [{ max_attempts: 0 }, /"max_attempts" must be a whole number from 1/],
    [{ intents: 5_000_000, max_attempts: 1000 }, /"max_attempts" must be at most 4 for 5000000 intents/],
    [{ timeout_ms: 0 }, /"timeout_ms" must be a number above 0/],
    [{ backoff: { base_ms: 50, factor: 2, jitter: 'half' } }, /"backoff\.jitter" must be "full" or "none"/],
    [{ backoff: { base_ms: 50, factor: 100, jitter: 'none' }, max_attempts: 100 }, /"backoff\.factor" must be smaller/],
    [{ retries: 3 }, /"retries" is not a field/],
  ])('refuses %j in one sentence', (change, sentence) => {
    const parse = (): unknown => parseRetryScenario({ ...valid, ...change });
    expect(parse).toThrow(HumanError);
    expect(parse).toThrow(sentence);
  });
});
