import { Type, type Static, type TProperties } from '@sinclair/typebox';
import { HumanError } from '../errors.ts';

const closed = { additionalProperties: false };
const Mean = Type.Number({ exclusiveMinimum: 0, maximum: 1e9 });
/** Its inverse is the mean time between arrivals, which has the same bounds as every mean. */
const Rate = Type.Number({ minimum: 1e-9, maximum: 1e9 });

/** A distribution of times above 0, named by `dist`. Times have the scenario's unit. */
export const Distribution = Type.Union([
  Type.Object({ dist: Type.Literal('exponential'), mean: Mean }, closed),
  Type.Object({ dist: Type.Literal('deterministic'), mean: Mean }, closed),
  uniform(),
  Type.Object({ dist: Type.Literal('erlang'), mean: Mean, k: phases() }, closed),
  hyperexponential(),
  Type.Object({ dist: Type.Literal('lognormal'), mean: Mean, cv: variation() }, closed),
]);
export type Distribution = Static<typeof Distribution>;

/** The times between arrivals: a distribution, or one whose mean is given as its inverse, `rate`. */
export const Arrival = Type.Union([
  byMeanOrRate('exponential', {}),
  byMeanOrRate('deterministic', {}),
  uniform(),
  byMeanOrRate('erlang', { k: phases() }),
  hyperexponential(),
  byMeanOrRate('lognormal', { cv: variation() }),
]);
export type Arrival = Static<typeof Arrival>;

/** The distribution of the times between arrivals. */
export function interarrival(arrival: Arrival): Distribution {
  if (arrival.dist === 'uniform' || arrival.dist === 'hyperexponential') return arrival;
  const { rate, mean, ...rest } = arrival;
  return { ...rest, mean: mean ?? 1 / (rate ?? NaN) };
}

/** Refuses what a schema cannot: a rate and a mean at once, or neither; a range that ends before it starts. */
export function checkArrival(arrival: Arrival, field: string, what: string): void {
  if ('rate' in arrival && 'mean' in arrival) throw new HumanError(`In ${what}, "${field}" must have either "rate" or "mean", not both.`);
  if (arrival.dist === 'uniform' || arrival.dist === 'hyperexponential') return checkDistribution(arrival, field, what);
  if (arrival.rate === undefined && arrival.mean === undefined) {
    throw new HumanError(`In ${what}, "${field}.rate" must be a number from 1e-9 to 1000000000 (it is missing, and so is "${field}.mean").`);
  }
}

/** Refuses a range that ends before it starts, or that is 0 throughout. */
export function checkDistribution(distribution: Distribution, field: string, what: string): void {
  if (distribution.dist !== 'uniform') return;
  const { low, high } = distribution;
  if (high < low) throw new HumanError(`In ${what}, "${field}.high" must be at least "${field}.low", which is ${low} (found ${high}).`);
}

function byMeanOrRate<const D extends string, P extends TProperties>(dist: D, more: P) {
  return Type.Object({ dist: Type.Literal(dist), mean: Type.Optional(Mean), rate: Type.Optional(Rate), ...more }, closed);
}

function uniform() {
  return Type.Object({ dist: Type.Literal('uniform'), low: Type.Number({ minimum: 0, maximum: 1e9 }), high: Mean }, closed);
}

function hyperexponential() {
  return Type.Object({ dist: Type.Literal('hyperexponential'), p: Type.Number({ minimum: 0, maximum: 1 }), mean1: Mean, mean2: Mean }, closed);
}

function phases() {
  return Type.Integer({ minimum: 1, maximum: 1_000_000 });
}

function variation() {
  return Type.Number({ minimum: 0, maximum: 100 });
}
