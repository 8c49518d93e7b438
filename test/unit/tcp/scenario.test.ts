import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HumanError } from '../../../src/shared/errors.ts';
import { parseTcpScenario } from '../../../src/shared/scenario/tcp.ts';
import { simulateTcp } from '../../../src/sim/tcp/simulate.ts';

const good = () => ({ server: { backlog: 4 }, connections: [{ id: 'c' }], actions: [] as object[], until_ms: 100 });
const messageFor = (value: unknown): string => {
  try {
    parseTcpScenario(value);
  } catch (error) {
    expect(error).toBeInstanceOf(HumanError);
    return (error as Error).message;
  }
  return 'accepted';
};

describe('a wrong scenario gets one sentence that names the field', () => {
  it.each([
    ['until_ms', { ...good(), until_ms: -1 }],
    ['until_ms', { ...good(), until_ms: 1e12 }],
    ['server', { ...good(), server: undefined }],
    ['server.backlog', { ...good(), server: { backlog: -1 } }],
    ['server.accept', { ...good(), server: { accept: 'later' } }],
    ['connections.0.count', { ...good(), connections: [{ id: 'c', count: 1e9 }] }],
    ['connections.1.id', { ...good(), connections: [{ id: 'c' }, { id: 'c' }] }],
    ['connections.1.id', { ...good(), connections: [{ id: 'c', count: 2 }, { id: 'c2' }] }],
    ['actions.0.op', { ...good(), actions: [{ op: 'fly', at_ms: 1 }] }],
    ['actions.0.op', { ...good(), actions: [{ op: 'constructor', at_ms: 1 }] }],
    ['actions.0.conn', { ...good(), actions: [{ op: 'send', at_ms: 1, host: 'client', conn: 'x', bytes: 1 }] }],
    ['bytes', { ...good(), actions: [{ op: 'send', at_ms: 1, host: 'client', conn: 'c', bytes: -5 }] }],
    ['actions.0.option', { ...good(), actions: [{ op: 'setsockopt', at_ms: 1, host: 'client', conn: 'c', option: 'SO_LINGER', value: 1 }] }],
    ['value', { ...good(), actions: [{ op: 'setsockopt', at_ms: 1, host: 'client', conn: 'c', option: 'TCP_MAXSEG', value: 5 }] }],
    ['kernel.tcp_rmem', { ...good(), kernel: { tcp_rmem: 'much' } }],
    ['kernel.tcp_congestion_control', { ...good(), kernel: { tcp_congestion_control: 'bbr' } }],
    ['kernel.nonsense', { ...good(), kernel: { nonsense: 1 } }],
    ['link.one_way_delay_ms', { ...good(), link: { medium: 'loopback', one_way_delay_ms: 5 } }],
    ['link.drop', { ...good(), link: { medium: 'loopback', drop: [{ nth: [1] }] } }],
    ['link.drop.0.conn', { ...good(), link: { drop: [{ conn: 'x', nth: [1] }] } }],
    ['link.drop.0.flags', { ...good(), link: { drop: [{ flags: 'Q', nth: [1] }] } }],
    ['link.mtu', { ...good(), link: { mtu: 5 } }],
    ['nagle', { ...good(), nagle: 'never' }],
    ['kind', { ...good(), kind: 'queue' }],
    ['colour', { ...good(), colour: 'red' }],
  ])('%s', (field, scenario) => {
    const message = messageFor(scenario);
    expect(message).toContain(`"${field}"`);
    expect(message).toMatch(/ must be .*\(|is not a field/);
    expect(message.trim().split('\n')).toHaveLength(1);
  });

  it('takes the annotations that no model reads', () => {
    expect(messageFor({ ...good(), id: 'x', title: 't', description: 'd', $schema: 's', kind: 'tcp' })).toBe('accepted');
  });

  it('is never another error, whatever the JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void messageFor(value)), { numRuns: 2000 });
  });

  it('holds for a good scenario with one field replaced by anything', () => {
    const paths = ['server', 'connections', 'actions', 'until_ms', 'link', 'kernel', 'sample_ms', 'nagle', 'seed'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        if (messageFor({ ...good(), [path]: value }) !== 'accepted') return;
        simulateTcp(parseTcpScenario({ ...good(), [path]: value, until_ms: 50 }), { maxEvents: 10_000 });
      }),
      { numRuns: 2000 },
    );
  });
});

it('stops at the bound on events with what it had, and says so', () => {
  const scenario = parseTcpScenario({ server: { backlog: 4 }, connections: [{ id: 'c', count: 100, every_ms: 1 }], until_ms: 1000 });
  const whole = simulateTcp(scenario, { trace: false });
  const cut = simulateTcp(scenario, { trace: true, maxEvents: 300 });
  expect(whole.truncated).toBe(false);
  expect(cut.truncated).toBe(true);
  expect(cut.trace.truncated).toBe(true);
  expect(cut.recording.segments.length).toBeGreaterThan(10);
  expect(whole.recording.segments.slice(0, cut.recording.segments.length)).toEqual(cut.recording.segments);
});

it('an endless conversation ends with what its recording may hold, and says so', () => {
  const app = { reply: { per: 1, bytes: 1 } };
  const endless = parseTcpScenario({
    server: { app }, connections: [{ id: 'c', app }], actions: [{ op: 'send', at_ms: 5, host: 'client', conn: 'c', bytes: 1 }], until_ms: 3_600_000,
  });
  const { recording, truncated } = simulateTcp(endless, { trace: false, maxRows: 1000 });
  expect(truncated).toBe(true);
  expect(recording.segments.length + recording.events.length).toBeLessThan(1010);
});
