import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { MeasuredTrace } from '../../../src/kit/measuredTrace.ts';
import { loadRequests, openLoopLoad, type LoadPlan, type LoadResult } from '../../../src/kit/openLoopLoad.ts';
import { parsePatternsScenario } from '../../../src/shared/scenario/patterns.ts';
import { events, type TraceEvent } from '../../../src/shared/trace.ts';
import { simulatePatterns } from '../../../src/sim/patterns/simulate.ts';

const scenario = parsePatternsScenario({
  kind: 'patterns',
  pattern: 'single',
  arrival: { dist: 'exponential', rate: 0.1 },
  classes: [
    { name: 'quick', share: 0.7, cpu: { dist: 'deterministic', mean: 1 } },
    { name: 'slow', share: 0.3, cpu: { dist: 'exponential', mean: 4 }, io: { dist: 'uniform', low: 1, high: 3 } },
  ],
  requests: 20,
  seed: 3,
});

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function load(handle: (url: string) => Promise<number>, change: Partial<LoadPlan> = {}, signal = new AbortController().signal): Promise<{ results: LoadResult[]; rows: TraceEvent[] }> {
  server = createServer((request, response) => void handle(request.url ?? '').then((status) => response.writeHead(status).end()));
  await new Promise<void>((resolve) => server?.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const trace = new MeasuredTrace('patterns');
  trace.start();
  const { port } = server.address() as AddressInfo;
  const results = await openLoopLoad({ port, load: scenario, ask: ({ className }) => ({ path: `/${className}` }), ...change }, trace, signal);
  return { results, rows: [...events(trace.build())] };
}

describe('an open-loop load', () => {
  it('is the one that the model serves: arrivals and classes are the same', async () => {
    const { rows } = await load(async () => 200);
    const arrivals = (all: Iterable<TraceEvent>): unknown[] => [...all].filter(({ kind }) => kind === 'arrive').map(({ timeNs, entity, value, detail }) => [timeNs, entity, value, detail]);
    expect(arrivals(rows)).toEqual(arrivals(events(simulatePatterns(scenario).trace)));
    expect(rows.filter(({ kind }) => kind === 'depart')).toHaveLength(20);
  });

  it('does not wait for one answer before it asks again', async () => {
    let present = 0;
    let most = 0;
    const { results } = await load(async () => {
      most = Math.max(most, ++present);
      await sleep(600);
      present--;
      return 200;
    });
    const atOnce = loadRequests(scenario).filter(({ atMs }) => atMs < 300).length;
    expect(most).toBeGreaterThanOrEqual(Math.min(atOnce, 15));
    for (const { answer } of results) expect(answer.status).toBe(200);
  });

  it('counts latency from the planned moment, also where the generator itself was held up', async () => {
    const busyMs = 150;
    const first = loadRequests(scenario)[0]?.atMs ?? 0;
    setTimeout(() => {
      for (const until = performance.now() + busyMs; performance.now() < until; );
    }, first + 5);
    const { results, rows } = await load(async () => 200);
    const held = results.filter(({ request }) => request.atMs > first + 10 && request.atMs < first + busyMs);
    expect(held.length).toBeGreaterThan(5);
    for (const { request, latencyMs, lateMs } of held) {
      expect(lateMs).toBeGreaterThan(first + busyMs - request.atMs);
      expect(latencyMs).toBeGreaterThan(lateMs);
      expect(rows.find(({ kind, entity }) => kind === 'depart' && entity === `request:${request.index}`)?.value).toBeCloseTo(latencyMs * 1e6, 0);
    }
  });

  it('makes no request before its time', async () => {
    const { results } = await load(async () => 200);
    for (const { lateMs } of results) expect(lateMs).toBeGreaterThanOrEqual(0);
  });

  it('records what got no answer, or an error, as lost, under the prefix', async () => {
    const { rows } = await load(async (url) => (url === '/slow' ? 503 : 200), { prefix: 'a/' });
    const slow = loadRequests(scenario).filter(({ className }) => className === 'slow').map(({ index }) => `a/request:${index}`);
    expect(slow.length).toBeGreaterThan(1);
    expect(rows.filter(({ kind }) => kind === 'lost').map(({ entity }) => entity).sort()).toEqual(slow.sort());
    expect(rows.filter(({ kind }) => kind === 'depart')).toHaveLength(20 - slow.length);
    const { rows: refused } = await load(async () => 200, { port: 1 });
    expect(refused.filter(({ kind, detail }) => kind === 'lost' && detail?.error === 'ECONNREFUSED')).toHaveLength(20);
  });

  it('ends when it is cancelled', async () => {
    await expect(load(async () => 200, {}, AbortSignal.timeout(50))).rejects.toThrow(/abort/i);
  });
});
