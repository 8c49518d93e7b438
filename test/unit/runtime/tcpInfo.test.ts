import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { connectTcp } from '../../../src/kit/tcpClient.ts';
import { RandomStream } from '../../../src/sim/engine/random.ts';
import { readSegmentCounts, segmentCountsIn } from '../../../src/runtime/tcpInfo.ts';

const LINE = 'ESTAB 0 0 127.0.0.1:43324 127.0.0.1:39849\n\t cubic rto:204 ato:40 mss:32768 segs_out:32 segs_in:62 data_segs_out:30 data_segs_in:60 send 1bps';

describe('counts of segments', () => {
  it('are read from what ss prints', () => {
    expect(segmentCountsIn(LINE)).toEqual({ sent: 30, received: 60 });
    expect(segmentCountsIn(LINE.replace('data_segs_in:60 ', ''))).toEqual({ sent: 30, received: 0 });
    expect(segmentCountsIn('')).toBeNull();
  });

  it('count each write with no delay as a segment, and a gathered one once', async ({ skip }) => {
    const write = (socket: Socket): void => {
      socket.setNoDelay(true);
      for (let i = 0; i < 10; i++) socket.write('x');
      socket.cork();
      for (let i = 0; i < 9; i++) socket.write('y');
      socket.write('z');
      socket.uncork();
    };
    const server = createServer(write);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = await connectTcp((server.address() as AddressInfo).port, 2000, (use) => new RandomStream(1, use));
    try {
      await client.readUntil('z');
      const counts = await client.segments();
      skip(counts === null, 'this system has no ss');
      expect(counts).toEqual({ sent: 0, received: 11 });
    } finally {
      client.close();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('are null for a port that has no connection', async () => {
    expect(await readSegmentCounts(1)).toBeNull();
  });
});
