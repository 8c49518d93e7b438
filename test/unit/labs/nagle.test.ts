import { beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/catalog.ts';
import { compare } from '../../../src/labs/compare.ts';
import { labScenario, realScenario, simulateLab } from '../../../src/labs/simulateLab.ts';
import { simulateScenario } from '../../../src/labs/simulateScenario.ts';
import { onPrivateLink } from '../../../src/runtime/privateLink.ts';
import type { Lab } from '../../../src/shared/lab.ts';
import type { Machine } from '../../../src/shared/report.ts';

const STOCK: Machine = { platform: 'linux', release: '6.18', cores: 2, node: '', jiffyMs: 4, kernel: { tcp_timestamps: 1 } };
let lab: Lab;
beforeAll(async () => {
  const found = (await loadCatalog(['labs'])).labs.find((folder) => folder.lab.id === '08-nagle');
  if (!found) throw new Error('The lab 08-nagle cannot be loaded.');
  ({ lab } = found);
});

const quantity = (values: Record<string, number>, id: string): number => simulateLab(lab, values).quantities.find((one) => one.id === id)?.value ?? Number.NaN;

describe('lab 08', () => {
  it('stalls a request in two writes, and none of the others', () => {
    expect(quantity({}, 'pieces-latency')).toBeCloseTo(44, 0);
    for (const id of ['whole-latency', 'no-delay-latency', 'gathered-latency', 'five-thousand-latency']) expect(quantity({}, id)).toBeLessThan(1);
  });

  it('writes the value that a choice names', () => {
    expect(labScenario(lab, { writes: 2, rule: 1, 'quick-ack': 1 })).toMatchObject({ nagle: 'rfc896', server: { accepted_sockopts: { TCP_QUICKACK: 1 } }, connections: [{ app: { requests: { writes: [999, 1] } } }, {}, {}, {}, {}, {}] });
    expect(quantity({ writes: 4 }, 'pieces-latency')).toBeLessThan(1);
    expect(quantity({ writes: 3, 'no-delay': 1 }, 'pieces-segments')).toBe(120);
  });

  it('holds the last of 5000 bytes by RFC 896 alone, for the delayed ACK', () => {
    expect(quantity({ rule: 1 }, 'five-thousand-latency')).toBeGreaterThan(40);
    expect(quantity({ rule: 1, 'delayed-ack': 2 }, 'five-thousand-latency')).toBeLessThan(1);
  });

  it('has 620 bytes left without timestamps, 656 with them, by any MTU what is left', () => {
    expect(quantity({}, 'last-segment')).toBe(620);
    expect(quantity({ timestamps: 1 }, 'last-segment')).toBe(656);
    expect(quantity({ mtu: 1000 }, 'last-segment')).toBe(5000 - 5 * 960);
  });

  it('is predicted for the link that the run had', () => {
    const privately = realScenario(lab, { rule: 1, delay: 20 }, onPrivateLink(STOCK, { mtu: 1500 }));
    expect(privately).toMatchObject({ nagle: 'minshall', link: { medium: 'loopback', mtu: 1500, gso_max_segs: 1 } });
    expect(realScenario(lab, {}, STOCK).link).toEqual({ medium: 'loopback' });
  });

  it('says in the rows that need it why a run had no private link or saw no segments', () => {
    const scenario = realScenario(lab, {}, STOCK);
    const { trace } = simulateScenario(scenario);
    const rows = compare(lab, scenario, trace, { trace, heldUpMs: 0, lacks: { 'private-link': 'No namespace.', segments: 'No tcpdump.' } }, STOCK);
    const why = Object.fromEntries(rows.map((row) => [row.quantity, row.outcome === 'not-available' ? row.why : row.outcome]));
    expect(why).toMatchObject({ 'pieces-latency': 'agrees', 'whole-latency': 'agrees', 'five-thousand-latency': 'No namespace.', 'last-segment': 'No namespace.', 'pieces-segments': 'No tcpdump.' });
  });
});
