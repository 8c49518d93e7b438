/** Exact results for queues with Poisson arrivals; `load` is rate × mean service. */

/** Erlang C: the probability that an arrival at M/M/c waits. */
export function erlangC(servers: number, load: number): number {
  let inverseB = 1;
  for (let i = 1; i <= servers; i++) inverseB = 1 + (i / load) * inverseB;
  const b = 1 / inverseB;
  const utilization = load / servers;
  return b / (1 - utilization + utilization * b);
}

/** The mean wait of M/M/c with mean service 1. */
export function meanWaitMMc(servers: number, rate: number): number {
  return erlangC(servers, rate) / (servers - rate);
}

/** The mean wait of M/G/1 (Pollaczek and Khinchine). */
export function meanWaitMG1(rate: number, mean: number, squaredVariation: number): number {
  const load = rate * mean;
  return ((load * mean) / (1 - load)) * ((1 + squaredVariation) / 2);
}

/** The mean wait of E_k/M/1 with mean service 1: σ/(1 − σ), where σ is the root below 1 of σ = (kλ/(kλ + 1 − σ))^k. */
export function meanWaitErlangArrivals(rate: number, k: number): number {
  let sigma = 0.5;
  for (let i = 0; i < 10_000; i++) sigma = ((k * rate) / (k * rate + 1 - sigma)) ** k;
  return sigma / (1 - sigma);
}

/** The asymptotic variance, per customer, of the mean wait of M/M/1 with mean service 1 (Daley 1968; Whitt 1989). */
export function waitVarianceMM1(rho: number): number {
  return (rho * (2 + 5 * rho - 4 * rho ** 2 + rho ** 3)) / (1 - rho) ** 4;
}
