import { describe, expect, it, vi } from 'vitest';
import { Xray } from '../../../src/labs/xray.ts';
import type { From, To } from '../../../src/shared/protocol.ts';
import type { XrayRequests, XraySnapshot } from '../../../src/shared/xray/view.ts';
import { XraySession } from '../../../src/vscode/xray/xraySession.ts';
import { SAMPLES } from '../xray/snapshots.ts';

/** A session of a process that can be sampled `lives` times; then it has ended, or looking at it throws. */
function sessionOf(lives: number, then: 'ended' | Error = 'ended') {
  let left = lives;
  const sampler = {
    sample: vi.fn(async () => {
      if (left-- > 0) return SAMPLES.nginx();
      if (then === 'ended') return null;
      throw then;
    }),
  };
  const told: To<XraySnapshot>[] = [];
  const services = { visible: vi.fn(() => true), sentence: (error: unknown, doing: string) => `${doing}: ${(error as Error).message}`, showLog: vi.fn() };
  const session = new XraySession(new Xray('10', sampler, () => 60_000), services, (message) => told.push(message));
  const states = (): string[] => told.flatMap((message) => (message.type === 'snapshot' ? [message.snapshot.state] : []));
  return { session, sampler, told, services, states };
}
const request = (method: keyof XrayRequests, id = 1): From<XrayRequests> => ({ type: 'request', id, method, params: {} });

describe('an X-ray session', () => {
  it('sends a snapshot a sample and stops when the process ends', async () => {
    const { session, states } = sessionOf(2);
    await session.run();
    expect(states()).toEqual(['live', 'live', 'ended']);
  });

  it('says what failed, and stops', async () => {
    const { session, told } = sessionOf(1, new Error('no /proc'));
    await session.run();
    expect(told.at(-1)).toMatchObject({ snapshot: { state: 'failed', problem: 'Looking at the process: no /proc', sample: { rootPid: 10 } } });
  });

  it('reads nothing while it is paused or its panel is hidden', async () => {
    const { session, sampler, services } = sessionOf(1000);
    const running = session.run();
    await vi.waitFor(() => expect(sampler.sample).toHaveBeenCalled());
    session.receive(request('pause'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const taken = sampler.sample.mock.calls.length;
    services.visible.mockReturnValue(false);
    session.receive(request('resume'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(sampler.sample.mock.calls.length).toBe(taken);
    services.visible.mockReturnValue(true);
    await vi.waitFor(() => expect(sampler.sample.mock.calls.length).toBeGreaterThan(taken), { timeout: 5000 });
    session.dispose();
    await running;
  });

  it('answers each request after the snapshot with its effect, also one that does not exist', async () => {
    const { session, told, services } = sessionOf(1000);
    session.receive({ type: 'ready' });
    session.receive(request('showLog', 7));
    session.receive({ type: 'request', id: 8, method: 'toString', params: {} } as unknown as From<XrayRequests>);
    expect(services.showLog).toHaveBeenCalledOnce();
    expect(told.map((message) => (message.type === 'reply' ? message : message.type))).toEqual(['snapshot', 'snapshot', { type: 'reply', id: 7 }, 'snapshot', { type: 'reply', id: 8, error: 'The panel asked for "toString", which does not exist.' }]);
  });
});
