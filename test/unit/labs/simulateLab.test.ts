import { beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog, type LabFolder } from '../../../src/catalog/catalog.ts';
import { compare } from '../../../src/labs/compare.ts';
import { realScenario, simulateLab, sliderValues } from '../../../src/labs/simulateLab.ts';
import { simulateScenario } from '../../../src/labs/simulateScenario.ts';
import { evaluate } from '../../../src/shared/metric.ts';
import type { Machine } from '../../../src/shared/report.ts';
import { TraceBuilder, type Trace } from '../../../src/shared/trace.ts';

const linux: Machine = { platform: 'linux', release: '6.18', cores: 2, node: '', jiffyMs: 4, kernel: { tcp_syn_linear_timeouts: 4, somaxconn: 4096 } };
let folder: LabFolder;
beforeAll(async () => {
  folder = (await loadCatalog(['labs'])).labs.find(({ lab }) => lab.id === '05-accept-queue') as LabFolder;
});

const quantity = (values: Record<string, number>, id: string): number | null => simulateLab(folder.lab, values).quantities.find((one) => one.id === id)?.value ?? null;

describe('a lab’s simulation', () => {
  it('follows its sliders', () => {
    expect(quantity({}, 'connected-at-once')).toBe(5);
    expect(quantity({ backlog: 2 }, 'connected-at-once')).toBe(3);
    expect(quantity({ backlog: 100, somaxconn: 4 }, 'connected-at-once')).toBe(5);
    expect(quantity({ clients: 3 }, 'connected-at-once')).toBe(3);
  });

  it('shows the counts that the run for real is predicted to have, though over a round trip it is the SYN queue that fills', () => {
    const real = simulateScenario(realScenario(folder.lab, {}, linux)).trace;
    for (const { id, metric } of folder.lab.quantities.slice(0, 3)) expect(quantity({}, id), id).toBe(evaluate(metric, real));
    expect(quantity({}, 'dropped-syns')).toBe(6);
  });

  it('lets accept() come before a client that is due as the loop gets free, as it does for real', () => {
    expect(quantity({ backlog: 128, clients: 30, spacing: 100, busy: 1000 }, 'accept-queue-peak')).toBe(10);
  });

  it('waits for the client’s timer, not for the server', () => {
    const early = quantity({ busy: 1100 }, 'last-connected') as number;
    const late = quantity({ busy: 1900 }, 'last-connected') as number;
    expect(late).toBeCloseTo(early, 6);
    expect(quantity({ busy: 2100 }, 'last-connected')).toBeGreaterThan(late + 900);
  });

  it.each([
    [{ backlog: 1000 }, '"backlog" must be a number from 1 to 128'],
    [{ backlog: Number.NaN }, '"backlog" must be'],
    [{ backlogs: 4 }, 'no slider "backlogs"'],
  ])('refuses %j', (values, sentence) => {
    expect(() => sliderValues(folder.lab, values as Record<string, number>)).toThrow(sentence);
  });
});

describe('what stands beside a measurement', () => {
  it('is predicted for loopback with the machine’s own settings', () => {
    const scenario = realScenario(folder.lab, { delay: 50 }, { ...linux, kernel: { somaxconn: 2, loopback_mtu: 1500, tcp_adv_win_scale: 1 } });
    expect(scenario).toMatchObject({ link: { medium: 'loopback', mtu: 1500 }, kernel: { somaxconn: 2 } });
    expect(simulateScenario(scenario).trace.timeNs.length).toBeGreaterThan(0);
  });

  it('knows that kernels before 6.5 double the SYN timer from the first', () => {
    const old = realScenario(folder.lab, {}, { ...linux, kernel: {} });
    const { trace } = simulateScenario(old);
    const row = compare(folder.lab, old, trace, { trace, heldUpMs: 0 }, linux).find((one) => one.quantity === 'last-connected');
    expect(row?.predicted).toBeGreaterThan(3000);
  });
});

describe('the comparison', () => {
  it('agrees with itself, and tells each wrong model apart', () => {
    const scenario = realScenario(folder.lab, {}, linux);
    const { trace } = simulateScenario(scenario);
    for (const row of compare(folder.lab, scenario, trace, { trace, heldUpMs: 0 }, linux)) {
      expect(row, row.quantity).toMatchObject({ outcome: 'agrees', error: 0, wrongModel: { exposed: true } });
    }
  });

  it('differs from a run in which nothing happened, and says why it may', () => {
    const scenario = realScenario(folder.lab, {}, linux);
    const nothing = new TraceBuilder('measured', 'tcp').build(1e9);
    for (const row of compare(folder.lab, scenario, simulateScenario(scenario).trace, { trace: nothing, heldUpMs: 0 }, linux)) {
      expect(row.outcome, row.quantity).toBe('differs');
      expect(row.why).not.toBe('');
    }
  });

  it('does not blame the model for what a busy machine explains, and no count on the machine', () => {
    const scenario = realScenario(folder.lab, {}, linux);
    const { trace } = simulateScenario(scenario);
    const late = { ...trace, timeNs: trace.timeNs.map((time) => time + 200e6) };
    const outcomes = (heldUpMs: number): unknown => {
      const rows = compare(folder.lab, scenario, trace, { trace: late, heldUpMs }, linux);
      return Object.fromEntries(rows.map((row) => [row.quantity, row.outcome]));
    };
    expect(outcomes(0)).toMatchObject({ 'first-accept': 'differs', 'last-connected': 'differs', 'connected-at-once': 'agrees' });
    expect(outcomes(30)).toMatchObject({ 'first-accept': 'differs', 'last-connected': 'differs' });
    expect(outcomes(70)).toMatchObject({ 'first-accept': 'unfit-machine', 'last-connected': 'unfit-machine', 'connected-at-once': 'agrees' });
  });

  it('blames no model, not even for a count, where the clients came later than they should', () => {
    const scenario = realScenario(folder.lab, { clients: 9, spacing: 5, busy: 100 }, linux);
    const { trace } = simulateScenario(scenario);
    const cameLate = (lateMs: number): Trace => {
      const builder = new TraceBuilder('measured', 'tcp');
      builder.add(0, 'accepted', 'server:c1');
      for (let i = 1; i <= 9; i++) {
        const atNs = (2 + 5 * (i - 1) + lateMs) * 1e6;
        builder.add(atNs, 'event', `client:c${i}`, 0, { event: 'connect' });
        builder.add(atNs, 'connected', `client:c${i}`);
      }
      return builder.build(1e9);
    };
    const connected = (lateMs: number): unknown => compare(folder.lab, scenario, trace, { trace: cameLate(lateMs), heldUpMs: 0 }, linux).find((row) => row.quantity === 'connected-at-once');
    expect(connected(0)).toMatchObject({ predicted: 5, measured: 9, outcome: 'differs' });
    expect(connected(100)).toMatchObject({ outcome: 'unfit-machine' });
    expect((connected(100) as { why: string }).why).toMatch(/called connect\(\) 100 ms after its time/);
  });

  it('takes what the run found on its machine over the scenario', () => {
    const scenario = realScenario(folder.lab, { backlog: 4 }, linux, { '/server/backlog': 2 });
    expect(scenario).toMatchObject({ server: { backlog: 2 } });
  });

  it('keeps the kernel’s TCP settings out of another model’s scenario', () => {
    const lab = { ...folder.lab, scenario: { kind: 'cpu', cores: 4 }, sliders: [], realOverrides: {} };
    expect(realScenario(lab, {}, linux, { '/cores': 1 })).toEqual({ kind: 'cpu', cores: 1 });
  });

  it('names what a machine without /proc cannot give', () => {
    const mac: Machine = { ...linux, platform: 'darwin', kernel: {} };
    const scenario = realScenario(folder.lab, {}, mac);
    const { trace } = simulateScenario(scenario);
    const rows = compare(folder.lab, scenario, trace, { trace, heldUpMs: 0 }, mac);
    expect(rows.find((row) => row.quantity === 'accept-queue-peak')).toMatchObject({ outcome: 'not-available', measured: null });
    expect(rows.find((row) => row.quantity === 'connected-at-once')).toMatchObject({ outcome: 'agrees' });
  });
});
