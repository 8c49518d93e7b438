import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MeasuredTrace } from '../../../src/kit/measuredTrace.ts';
import { sampleSocketQueues } from '../../../src/kit/socketQueueSampling.ts';
import { events } from '../../../src/shared/trace.ts';

/** Never in these tests: they look when they want to. */
const SELDOM_MS = 1e6;

describe.skipIf(process.platform !== 'linux')('sampling both ends of a connection', () => {
  let server: Server;
  let client: Socket;
  let port: number;

  beforeEach(async () => {
    server = createServer({ pauseOnConnect: true }, () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
    client = connect(port, '127.0.0.1');
    await new Promise((resolve) => client.once('connect', resolve));
  });

  afterEach(() => {
    client.destroy();
    server.close();
  });

  it('records a queue at a change, by the name of its connection', async () => {
    const trace = new MeasuredTrace('tcp');
    const sampling = sampleSocketQueues(port, SELDOM_MS, (clientPort) => (clientPort === client.localPort ? 'c1' : undefined), trace);
    await new Promise((resolve) => client.write('x'.repeat(2000), resolve));
    for (let tries = 0; tries < 200 && sampling.now('server:c1')?.receiveQueue !== 2000; tries++) await new Promise((resolve) => setTimeout(resolve, 5));
    sampling.now('server:c1');
    sampling.stop();
    expect(sampling.available).toBe(true);
    const received = [...events(trace.build())].filter(({ kind, entity }) => kind === 'receive-queue' && entity === 'server:c1');
    expect(received.map(({ value }) => value)).toEqual([0, 2000]);
  });

  it('leaves out connections without a name', () => {
    const trace = new MeasuredTrace('tcp');
    const sampling = sampleSocketQueues(port, SELDOM_MS, () => undefined, trace);
    expect(sampling.now('client:c1')).toBeNull();
    sampling.stop();
    expect(trace.build().timeNs).toHaveLength(0);
  });
});
