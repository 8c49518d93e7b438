/** The scenario that tests change: four workers on four cores at a load of 0.8, nothing costs anything. */
export const base = {
  kind: 'patterns',
  pattern: 'shared-listener',
  workers: 4,
  cores: 4,
  arrival: { dist: 'exponential', rate: 3.2 },
  classes: [{ name: 'all', share: 1, cpu: { dist: 'exponential', mean: 1 } }],
  requests: 20_000,
  warmup: 5000,
  seed: 1,
} as const;
