import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePatternsScenario } from '../../../src/shared/scenario/patterns.ts';
import { parseQueueScenario } from '../../../src/shared/scenario/queue.ts';
import { parseRetryScenario } from '../../../src/shared/scenario/retry.ts';
import { events, type Trace } from '../../../src/shared/trace.ts';
import { simulatePatterns } from '../../../src/sim/patterns/simulate.ts';
import { simulateQueue } from '../../../src/sim/queue/simulate.ts';
import { simulateRetry } from '../../../src/sim/retry/simulate.ts';

interface Golden {
  readonly name: string;
  readonly scenario: { readonly kind: string };
  readonly output: unknown;
  /** A row a line: time in ns, kind, entity, value, detail. */
  readonly rows: readonly string[];
}

const models: Readonly<Record<string, (scenario: unknown) => { output: unknown; trace: Trace }>> = {
  queue: (scenario) => simulateQueue(parseQueueScenario(scenario)),
  patterns: (scenario) => simulatePatterns(parsePatternsScenario(scenario)),
  retry: (scenario) => simulateRetry(parseRetryScenario(scenario)),
};

const goldens = ['queue', 'patterns', 'retry'].flatMap((name) => JSON.parse(readFileSync(`test/golden/${name}.json`, 'utf8')) as Golden[]);

describe('runs that were looked at and kept', () => {
  it('are all there', () => {
    expect(goldens.map(({ name }) => name)).toEqual([
      'fifo, two servers and two places',
      'lifo',
      'processor sharing',
      ...['single', 'shared-listener', 'per-connection', 'primary', 'reuseport', 'thread-pool', 'single-fork'],
      'no key, replies lost',
      'key, crash, store forgets',
    ]);
  });

  it.each(goldens)('$scenario.kind: $name', ({ scenario, output, rows }) => {
    const run = models[scenario.kind]?.(scenario);
    expect(run?.output).toEqual(output);
    expect(run && [...events(run.trace)].map(({ timeNs, kind, entity, value, detail }) => `${timeNs} ${kind} ${entity} ${value} ${JSON.stringify(detail) ?? ''}`.trim())).toEqual(rows);
  });
});
