import type { RandomStream } from '../sim/engine/random.ts';

/**
 * What goes wrong between an HTTP client and its server.
 * - `lost-request`: it never arrives.
 * - `lost-reply`: the server does its work and answers; the client never knows.
 * - `duplicated`: it arrives again after it was answered, as after a retry.
 * - `duplicated-at-once`: it arrives twice at the same time.
 */
export type HttpFault = 'lost-request' | 'lost-reply' | 'duplicated' | 'duplicated-at-once';

/** A probability for each fault; what is left over is no fault. */
export type FaultWeights = Partial<Readonly<Record<HttpFault, number>>>;

const ORDER: readonly HttpFault[] = ['lost-request', 'lost-reply', 'duplicated', 'duplicated-at-once'];

/** Draws a fault, or none, for one request after another: the same ones for the same seed. */
export function drawFaults(weights: FaultWeights, random: RandomStream): () => HttpFault | undefined {
  const sum = ORDER.reduce((total, fault) => total + (weights[fault] ?? 0), 0);
  if (sum > 1 || ORDER.some((fault) => !((weights[fault] ?? 0) >= 0))) throw new RangeError(`The probabilities of faults must be from 0 to 1 together (found ${JSON.stringify(weights)}).`);
  return () => {
    let drawn = random.unit();
    for (const fault of ORDER) {
      drawn -= weights[fault] ?? 0;
      if (drawn < 0) return fault;
    }
    return undefined;
  };
}

/** Cuts bytes into at most `pieces` parts, none empty, at places that `random` draws. */
export function cutAtRandom(bytes: Uint8Array, pieces: number, random: RandomStream): Uint8Array[] {
  const cuts = new Set<number>();
  for (let i = 1; i < Math.min(pieces, bytes.length); i++) cuts.add(random.integer(1, bytes.length - 1));
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
}

/** From half of `mean` to one and a half times it, so that on average it is `mean`: how long a slow client pauses, how much it takes at a time. */
export function drawAround(mean: number, random: RandomStream): number {
  return random.uniform(mean / 2, mean * 1.5);
}
