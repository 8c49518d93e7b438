import { readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { parseCpuScenario } from '../../../src/shared/scenario/cpu.ts';
import { simulateCpu } from '../../../src/sim/cpu/simulate.ts';
import { expectGoldenTrace } from '../../golden/expectGolden.ts';

describe('the trace of', () => {
  it.each(['two-processes', 'mlfq-two-cores'])('%s', (name) => {
    const scenario: unknown = JSON.parse(readFileSync(new URL(`../../fixtures/scenarios/cpu/${name}.json`, import.meta.url), 'utf8'));
    expectGoldenTrace(`cpu/${name}`, simulateCpu(parseCpuScenario(scenario)).trace);
  });
});
