import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { QueueScenario } from '../../../src/shared/scenario/queue.ts';
import { parseQueueScenario } from '../../../src/shared/scenario/queue.ts';
import { simulateQueue } from '../../../src/sim/queue/simulate.ts';
import { meanWaitMMc, waitVarianceMM1 } from './theory.ts';

interface Oracle {
  model: string;
  servers: number;
  rate: number;
  mean: number;
  k?: number;
  p?: number;
  mean1?: number;
  mean2?: number;
  capacity?: number;
  mean_wait?: number;
  mean_sojourn?: number;
  lost_share?: number;
}

const oracles = JSON.parse(readFileSync('test/conformance/reference/queueing-oracles.json', 'utf8')) as Oracle[];

function serviceOf({ model, mean, k, p, mean1, mean2 }: Oracle): unknown {
  if (model === 'M/D/1') return { dist: 'deterministic', mean };
  if (k !== undefined) return { dist: 'erlang', mean, k };
  return p === undefined ? { dist: 'exponential', mean } : { dist: 'hyperexponential', p, mean1, mean2 };
}

function scenarioOf(oracle: Oracle, more: object = {}): QueueScenario {
  const { servers, rate, capacity = null } = oracle;
  const discipline = oracle.model.endsWith('PS') ? 'processor-sharing' : 'fifo';
  const arrival = { dist: 'exponential', rate };
  return parseQueueScenario({ kind: 'queue', servers, arrival, service: serviceOf(oracle), customers: 300_000, warmup: 5000, capacity, discipline, ...more });
}

describe('the queue model against exact values', () => {
  it.each(oracles.filter((oracle) => oracle.lost_share === undefined))('$model, $servers servers at $rate', (oracle) => {
    const { output } = simulateQueue(scenarioOf(oracle));
    const got = (oracle.mean_wait === undefined ? output.mean_sojourn : output.mean_wait) ?? NaN;
    const halfWidth = output.ci95_mean_wait ?? NaN;
    expect(Math.abs(got - (oracle.mean_wait ?? oracle.mean_sojourn ?? NaN))).toBeLessThan(3 * halfWidth);
    const utilization = (oracle.rate * oracle.mean) / oracle.servers;
    expect(output.utilization).toBeCloseTo(utilization, 1.5);
    // Little's law, with the waits and the area under the queue noted apart.
    expect(output.mean_queue_length / (oracle.rate * (output.mean_wait ?? NaN))).toBeCloseTo(1, 1.2);
    expect(output.customers).toBe(295_000);
    expect(output.lost).toBe(0);
    expect(output.events).toBe(600_000);
  });

  it.each(oracles.filter((oracle) => oracle.lost_share !== undefined))('$model, $servers servers, $capacity places at $rate loses its share', (oracle) => {
    const { output } = simulateQueue(scenarioOf(oracle));
    const share = oracle.lost_share ?? NaN;
    expect(output.customers + output.lost).toBe(295_000);
    // Losses come in clusters: twice the binomial standard error, times four.
    const standardError = 2 * Math.sqrt((share * (1 - share)) / 295_000);
    expect(Math.abs(output.lost / 295_000 - share)).toBeLessThan(4 * standardError);
  });

  // At 0.95 a run of a million has about 650 independent waits: of 200 seeds none came out above 1.5 times, 4 below 1 / 1.5 times.
  it.each([0.5, 0.8, 0.9, 0.95])('gives half-widths near the asymptotic one at a load of %s', (rho) => {
    const asymptotic = 1.96 * Math.sqrt(waitVarianceMM1(rho) / 990_000);
    const arrival = { dist: 'exponential', rate: rho };
    const service = { dist: 'exponential', mean: 1 };
    const ratios = [1, 2, 3, 4, 5].map((seed) => {
      const scenario = parseQueueScenario({ kind: 'queue', servers: 1, arrival, service, customers: 1_000_000, warmup: 10_000, seed });
      return (simulateQueue(scenario).output.ci95_mean_wait ?? NaN) / asymptotic;
    });
    expect(ratios.filter((ratio) => ratio < 1.5 && ratio > 1 / 1.5).length).toBeGreaterThanOrEqual(4);
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    expect(mean).toBeGreaterThan(0.8);
    expect(mean).toBeLessThan(1.25);
  });

  it('covers the exact mean about 95 times in 100', () => {
    const exact = meanWaitMMc(2, 1.6);
    let covered = 0;
    for (let seed = 0; seed < 100; seed++) {
      const oracle: Oracle = { model: 'M/M/c', servers: 2, rate: 1.6, mean: 1 };
      const { output } = simulateQueue(scenarioOf(oracle, { customers: 20_000, warmup: 1000, seed }));
      if (Math.abs((output.mean_wait ?? NaN) - exact) < (output.ci95_mean_wait ?? NaN)) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(87);
    expect(covered).toBeLessThanOrEqual(99);
  });
});
