import { describe, expect, it } from 'vitest';
import { HumanError } from '../../../src/shared/errors.ts';
import { parseQueueScenario } from '../../../src/shared/scenario/queue.ts';

const valid = {
  kind: 'queue',
  servers: 1,
  arrival: { dist: 'exponential', rate: 0.9 },
  service: { dist: 'exponential', mean: 1 },
  customers: 1000,
  warmup: 10,
  seed: 1,
  capacity: null,
  discipline: 'fifo',
};

describe('parseQueueScenario', () => {
  it('takes the documented form, with fields that only inform', () => {
    const annotated = { ...valid, id: 'q', title: 'Q', description: 'A queue', $schema: 'x' };
    expect(parseQueueScenario(annotated)).toEqual(annotated);
  });

  it.each<[object, RegExp]>([
    [{ servers: 0 }, /"servers" must be a whole number from 1/],
    [{ servers: undefined }, /"servers" must be .*missing/],
    [{ service: { dist: 'gauss', mean: 1 } }, /"service\.dist" must be "exponential" or .*"lognormal" \(found "gauss"\)/],
    [{ service: { mean: 1 } }, /"service\.dist" must be .*missing/],
    [{ service: { dist: 'erlang', mean: 1 } }, /"service\.k" must be a whole number/],
    [{ service: { dist: 'exponential', mean: 0 } }, /"service\.mean" must be a number above 0/],
    [{ service: { dist: 'uniform', low: 2, high: 1 } }, /"service\.high" must be at least "service\.low", which is 2/],
    [{ service: { dist: 'hyperexponential', p: 2, mean1: 1, mean2: 1 } }, /"service\.p" must be a number from 0 to 1/],
    [{ arrival: { dist: 'exponential' } }, /"arrival\.rate" must be a number from 1e-9 to 1000000000 \(it is missing/],
    [{ arrival: { dist: 'exponential', rate: 0 } }, /"arrival\.rate" must be a number from 1e-9 to/],
    // Its inverse is above every double.
    [{ arrival: { dist: 'exponential', rate: 1e-320 } }, /"arrival\.rate" must be a number from 1e-9 to/],
    [{ arrival: { dist: 'exponential', rate: 1, mean: 1 } }, /"arrival" must have either "rate" or "mean"/],
    [{ capacity: -1 }, /"capacity" must be a whole number from 0 to \d+ or null/],
    [{ discipline: 'random' }, /"discipline" must be "fifo" or "lifo" or "processor-sharing"/],
    [{ warmup: 1000 }, /"warmup" must be below "customers", which is 1000/],
    [{ customers: 1e12 }, /"customers" must be a whole number from 1 to/],
    [{ customers: 3_000_000, discipline: 'processor-sharing' }, /"customers" must be at most 2000000 under processor-sharing/],
    [{ speed: 2 }, /"speed" is not a field/],
  ])('refuses %j in one sentence', (change, sentence) => {
    const parse = (): unknown => parseQueueScenario({ ...valid, ...change });
    expect(parse).toThrow(HumanError);
    expect(parse).toThrow(sentence);
  });
});
