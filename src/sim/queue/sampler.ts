import type { RandomStream } from '../engine/random.ts';
import type { Distribution } from '../../shared/scenario/distribution.ts';

/** Above this many phases an Erlang time is drawn as a gamma variate, whose cost does not grow with their number. */
const PHASES_DRAWN_ONE_BY_ONE = 8;

/** A function that draws one time after another from `distribution`, each from `stream` alone. */
export function sampler(distribution: Distribution, stream: RandomStream): () => number {
  switch (distribution.dist) {
    case 'exponential': {
      const { mean } = distribution;
      return () => stream.exponential(mean);
    }
    case 'deterministic': {
      const { mean } = distribution;
      return () => mean;
    }
    case 'uniform': {
      const { low, high } = distribution;
      return () => stream.uniform(low, high);
    }
    case 'erlang':
      return erlang(distribution.mean, distribution.k, stream);
    case 'hyperexponential': {
      const { p, mean1, mean2 } = distribution;
      return () => stream.exponential(stream.chance(p) ? mean1 : mean2);
    }
    case 'lognormal': {
      // A lognormal of this mean and coefficient of variation is e^N with variance ln(1 + cv²) and mean ln(mean) - variance / 2.
      const variance = Math.log1p(distribution.cv * distribution.cv);
      const centre = Math.log(distribution.mean) - variance / 2;
      return () => Math.exp(stream.normal(centre, Math.sqrt(variance)));
    }
  }
}

function erlang(mean: number, k: number, stream: RandomStream): () => number {
  if (k > PHASES_DRAWN_ONE_BY_ONE) return () => (mean / k) * gamma(k, stream);
  return () => {
    let product = 1;
    for (let i = 0; i < k; i++) product *= 1 - stream.unit();
    return (-mean / k) * Math.log(product);
  };
}

/** Gamma with this shape (at least 1) and scale 1, by rejection from a cubed normal (Marsaglia and Tsang 2000). */
function gamma(shape: number, stream: RandomStream): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = stream.normal(0, 1);
    const root = 1 + c * x;
    const v = root * root * root;
    if (v > 0 && Math.log(1 - stream.unit()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
