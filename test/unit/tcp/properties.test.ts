import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TCP_KIND } from '../../../src/shared/tcpTrace.ts';
import { events } from '../../../src/shared/trace.ts';
import { parseTcpScenario, type TcpScenario } from '../../../src/shared/scenario/tcp.ts';
import type { RecordedSegment, Recording } from '../../../src/sim/tcp/recording.ts';
import { simulateTcp } from '../../../src/sim/tcp/simulate.ts';
import { scenarios } from './scenarios.ts';

const RUNS = 600;
const run = (scenario: TcpScenario) => simulateTcp(scenario, { trace: false, maxEvents: 400_000 }).recording;
const check = (property: (scenario: TcpScenario, recording: Recording) => void) =>
  fc.assert(fc.property(scenarios, (scenario) => property(scenario, run(scenario))), { numRuns: RUNS, seed: 7 });
const ends = (recording: Recording) => {
  const groups = new Map<string, RecordedSegment[]>();
  for (const segment of recording.segments) {
    const key = `${segment.conn} ${segment.from}`;
    groups.set(key, [...(groups.get(key) ?? []), segment]);
  }
  return groups;
};

describe('on thousands of random scenarios', { timeout: 120_000 }, () => {
  it('a program never reads more than the other wrote, nor more than the other had acknowledged', () => {
    check((_, { events: all }) => {
      const other = { client: 'server', server: 'client' } as const;
      const balance = new Map<string, number>();
      for (const event of all) {
        if (event.event === 'sent' || event.event === 'filled') {
          const key = `${event.conn} ${event.host}`;
          balance.set(key, (balance.get(key) ?? 0) + (event.bytes ?? 0));
        }
        if (event.event !== 'received') continue;
        const key = `${event.conn} ${other[event.host]}`;
        balance.set(key, (balance.get(key) ?? 0) - (event.bytes ?? 0));
        expect(balance.get(key)).toBeGreaterThanOrEqual(0);
      }
    });
  });

  it('the stream has no holes: new data begins where old data ended', () => {
    check((_, recording) => {
      for (const segments of ends(recording).values()) {
        let next = 1;
        for (const { seq, len } of segments) {
          if (len === 0) continue;
          expect(seq).toBeLessThanOrEqual(next);
          next = Math.max(next, seq + len);
        }
      }
    });
  });

  it('no segment is larger than the MTU allows or lies outside the offered window', () => {
    check((scenario, recording) => {
      const mss = (scenario.link?.mtu ?? (scenario.link?.medium ? 65_536 : 1500)) - 40;
      const edge = new Map<string, number>();
      const other = { client: 'server', server: 'client' } as const;
      for (const { conn, from, flags, seq, len, ack, win } of recording.segments) {
        if (scenario.link?.medium !== 'loopback') expect(len).toBeLessThanOrEqual(Math.max(mss, 48));
        if (len > 0) expect(seq + len).toBeLessThanOrEqual((edge.get(`${conn} ${from}`) ?? Infinity));
        if (flags.includes('.') && !flags.includes('R')) {
          const key = `${conn} ${other[from]}`;
          const offered = flags.includes('S') ? 1 + win : ack + win;
          edge.set(key, Math.max(edge.get(key) ?? 0, offered));
        } else if (flags === 'S') edge.set(`${conn} ${other[from]}`, Math.max(edge.get(`${conn} ${other[from]}`) ?? 0, 1 + win));
      }
    });
  });

  it('acknowledgements never go back, and never run ahead of what was sent', () => {
    check((_, recording) => {
      for (const segments of ends(recording).values()) {
        let highest = 0;
        for (const { flags, ack } of segments) {
          if (!flags.includes('.') || flags.includes('R')) continue;
          expect(ack).toBeGreaterThanOrEqual(flags.includes('S') ? 0 : highest);
          highest = Math.max(highest, ack);
        }
      }
    });
  });

  it('neither queue of the listener goes over its limit', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const limit = Math.min(scenario.server.backlog ?? 128, scenario.kernel?.somaxconn ?? 4096) + 1;
        const { trace } = simulateTcp(scenario, { maxEvents: 400_000 });
        for (const row of events(trace)) {
          if (row.kind === TCP_KIND.acceptQueue || row.kind === TCP_KIND.synQueue) expect(row.value).toBeLessThanOrEqual(limit);
        }
      }),
      { numRuns: RUNS, seed: 11 },
    );
  });

  it('every timer ends: an hour after all sockets were closed nothing is sent any more', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const names = Array.from({ length: scenario.connections[0]?.count ?? 0 }, (_, i) => `c${i + 1}`);
        const closing = names.flatMap((conn) => (['client', 'server'] as const).map((host) => ({ at_ms: 2900, host, conn, op: 'close' as const })));
        const actions = [...(scenario.actions ?? []), { at_ms: 2800, op: 'accept' as const }, ...closing];
        const { truncated, recording } = simulateTcp({ ...scenario, actions, until_ms: 7_200_000 }, { trace: false, maxEvents: 400_000 });
        expect(truncated).toBe(false);
        for (const segment of recording.segments) expect(segment.t_ms).toBeLessThan(3_600_000);
      }),
      { numRuns: 200, seed: 13 },
    );
  });

  it('the same scenario gives the same bytes', () => {
    check((scenario, recording) => {
      expect(JSON.stringify(run(scenario))).toBe(JSON.stringify(recording));
    });
  });

  it('a scenario cut at any time is a prefix of the whole', () => {
    fc.assert(
      fc.property(scenarios, fc.integer({ min: 1, max: 2999 }), (scenario, until) => {
        const whole = run(scenario);
        const part = run({ ...scenario, until_ms: until });
        expect(part.segments).toEqual(whole.segments.slice(0, part.segments.length));
        expect(part.events).toEqual(whole.events.slice(0, part.events.length));
      }),
      { numRuns: RUNS, seed: 17 },
    );
  });

  it('a run without a trace is the same run', () => {
    check((scenario, recording) => {
      expect(simulateTcp(scenario, { maxEvents: 400_000 }).recording).toEqual(recording);
    });
  });
});

it('with RFC 896 a part segment waits for all that is in flight, with Minshall only for a small one', () => {
  const scenario = (nagle: string) => parseTcpScenario({ nagle, link: { one_way_delay_ms: 10 }, server: {}, connections: [{ id: 'c' }], actions: [{ at_ms: 100, host: 'client', conn: 'c', op: 'send', bytes: 5000 }], until_ms: 500 });
  const lastAt = (nagle: string) => run(scenario(nagle)).segments.find((s) => s.len === 620)?.t_ms ?? 0;
  expect(lastAt('minshall')).toBeLessThan(105);
  expect(lastAt('rfc896')).toBeGreaterThan(118);
});
