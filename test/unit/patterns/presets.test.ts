import { describe, expect, it } from 'vitest';
import { parsePatternsScenario, PATTERNS } from '../../../src/shared/scenario/patterns.ts';
import { PATTERN_PRESETS } from '../../../src/sim/patterns/presets.ts';
import { simulatePatterns } from '../../../src/sim/patterns/simulate.ts';

const load = {
  kind: 'patterns',
  cores: 4,
  arrival: { dist: 'exponential', rate: 1 },
  classes: [{ name: 'all', share: 1, cpu: { dist: 'exponential', mean: 0.5 }, io: { dist: 'exponential', mean: 2 } }],
  requests: 5000,
};

describe('presets', () => {
  it('cover every pattern, each once by name', () => {
    expect(new Set(PATTERN_PRESETS.map(({ settings }) => settings.pattern))).toEqual(new Set(PATTERNS));
    expect(new Set(PATTERN_PRESETS.map(({ id }) => id)).size).toBe(PATTERN_PRESETS.length);
  });

  it.each(PATTERN_PRESETS)('$id says where each of its settings comes from', ({ settings, sources }) => {
    expect(Object.keys(sources).sort()).toEqual(Object.keys(settings).sort());
    for (const source of Object.values(sources)) expect(source.length).toBeGreaterThan(10);
  });

  it.each(PATTERN_PRESETS)('$id is a server that keeps up with 1 request/ms of 0.5 ms on four cores', ({ settings }) => {
    const { output } = simulatePatterns(parsePatternsScenario({ ...load, ...settings }));
    expect(output.lost).toBe(0);
    expect(output.throughput).toBeGreaterThan(0.9);
  });
});
