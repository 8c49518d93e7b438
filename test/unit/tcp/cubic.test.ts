import { describe, expect, it } from 'vitest';
import { parseTcpScenario } from '../../../src/shared/scenario/tcp.ts';
import { simulateTcp } from '../../../src/sim/tcp/simulate.ts';

const RTT_MS = 200;
const SENT_AT_MS = 500;

/** Segments of data that the client sends in each round trip of a long transfer whose 40th segment is lost. */
function flights(congestion: 'reno' | 'cubic'): number[] {
  const scenario = parseTcpScenario({
    link: { one_way_delay_ms: RTT_MS / 2, drop: [{ from: 'client', data: true, nth: [40] }] }, kernel: { tcp_congestion_control: congestion },
    server: {}, connections: [{ id: 'c', sockopts: { SO_SNDBUF: 2_000_000 } }], actions: [{ at_ms: SENT_AT_MS, host: 'client', conn: 'c', op: 'send', bytes: 1_300_000 }],
    until_ms: 7000,
  });
  const counts: number[] = [];
  for (const { from, len, t_ms } of simulateTcp(scenario, { trace: false }).recording.segments) {
    if (from !== 'client' || len === 0) continue;
    const trip = Math.floor((t_ms - SENT_AT_MS) / RTT_MS);
    counts[trip] = (counts[trip] ?? 0) + 1;
  }
  return counts;
}

describe('after a loss at a window of 50 segments', () => {
  it('CUBIC falls to 0.7 of it and follows the curve of RFC 9438 back to it', () => {
    const lastMax = 50;
    const k = Math.cbrt((lastMax * 0.3) / 0.4);
    const curve = (trips: number) => 0.4 * ((trips * RTT_MS) / 1000 - k) ** 3 + lastMax;
    const recovered = flights('cubic').slice(4, 16);
    recovered.forEach((segments, trip) => expect(Math.abs(segments - curve(trip + 1)), `round trip ${trip}: ${segments}`).toBeLessThan(3));
  });

  it('Reno falls to half of it and gains one segment a round trip', () => {
    const [first, ...later] = flights('reno').slice(4, 16);
    expect(first).toBe(25);
    later.forEach((segments, i) => expect(Math.abs(segments - 26 - i), `round trip ${i + 1}: ${segments}`).toBeLessThan(2));
  });
});
