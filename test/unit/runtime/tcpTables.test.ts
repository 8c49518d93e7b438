import { connect, createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listenQueueIn, readListenQueue, readSocketQueues, readTcpCounters, socketQueuesIn, tcpCountersIn } from '../../../src/runtime/tcpTables.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const row = (local: string, remote: string, state: string, receive: string): string => `   0: ${local} ${remote} ${state} 00000000:${receive} 00:00000000 00000000     0        0 31337 1 0000000000000000 100 0 0 10 0\n`;

describe('the queues of a listener in /proc/net/tcp', () => {
  const table =
    HEAD +
    row('0100007F:1F90', '00000000:0000', '0A', '00000005') +
    row('0100007F:1F90', '0100007F:C001', '03', '00000000') +
    row('0100007F:1F90', '0100007F:C002', '03', '00000000') +
    row('0100007F:1F90', '0100007F:C003', '01', '00000009') +
    row('0100007F:C003', '0100007F:1F90', '01', '00000000') +
    row('0100007F:1F91', '00000000:0000', '0A', '00000063');

  it('are its receive queue and the connections in SYN_RECV at its port', () => {
    expect(listenQueueIn(table, 8080)).toEqual({ acceptQueue: 5, synQueue: 2 });
  });

  it('are read in hexadecimal', () => {
    expect(listenQueueIn(table, 8081)).toEqual({ acceptQueue: 99, synQueue: 0 });
  });

  it('are null where nothing listens, also where a client has that port', () => {
    expect(listenQueueIn(table, 0xc003)).toBeNull();
    expect(listenQueueIn(table, 80)).toBeNull();
  });

  it('are found in a table without a last line end', () => {
    expect(listenQueueIn(table.trimEnd(), 8081)).toEqual({ acceptQueue: 99, synQueue: 0 });
  });
});

describe('the counters of /proc/net/netstat', () => {
  it('are named by the line before', () => {
    expect(tcpCountersIn('TcpExt: SyncookiesSent ListenOverflows\nTcpExt: 3 17\nIpExt: InOctets\nIpExt: 9\n')).toEqual({ SyncookiesSent: 3, ListenOverflows: 17 });
  });
});

describe.runIf(process.platform === 'linux')('on this machine', () => {
  it('a listener of ours has queues, and has none once it is closed', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
    const { port } = server.address() as AddressInfo;
    expect(readListenQueue(port)).toEqual({ acceptQueue: 0, synQueue: 0 });
    await new Promise((resolve) => server.close(resolve));
    expect(readListenQueue(port)).toBeNull();
  });

  it('a listener on every address is found among those of IPv6', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen({ port: 0 }, resolve));
    expect(readListenQueue((server.address() as AddressInfo).port)?.acceptQueue).toBe(0);
    await new Promise((resolve) => server.close(resolve));
  });

  it('the kernel counts overflows of listen queues', () => {
    expect(readTcpCounters()?.ListenOverflows).toBeGreaterThanOrEqual(0);
  });
});

describe('the queues of connections in /proc/net/tcp', () => {
  const end = (local: string, remote: string, state: string, queues: string): string => `   0: 0100007F:${local} 0100007F:${remote} ${state} ${queues} 00:00000000 00000000     0        0 31337 1 0000000000000000 20 4 30 10 -1\n`;
  const table = HEAD + end('1F90', '0000', '0A', '00000000:00000001') + end('1F90', 'C001', '01', '0000A000:00000002') + end('C001', '1F90', '01', '00000000:0001F400') + end('1F90', 'C002', '06', '00000000:00000000') + end('1F90', 'C003', '03', '00000000:00000000') + end('C004', '1F91', '01', '00000005:00000000');

  it('are those of both ends, without the listener, handshakes, closed connections and other ports', () => {
    expect(socketQueuesIn(table, 8080)).toEqual([
      { localPort: 8080, remotePort: 0xc001, sendQueue: 40_960, receiveQueue: 2 },
      { localPort: 0xc001, remotePort: 8080, sendQueue: 0, receiveQueue: 128_000 },
    ]);
  });

  it('are the kernel’s own of a connection whose reader does not read', async (context) => {
    if (process.platform !== 'linux') return context.skip();
    const server = createServer({ pauseOnConnect: true }, () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const client = connect(port, '127.0.0.1');
    await new Promise((resolve) => client.write('x'.repeat(3000), resolve));
    const received = (): number => readSocketQueues(port)?.find(({ localPort }) => localPort === port)?.receiveQueue ?? 0;
    for (let tries = 0; tries < 200 && received() === 0; tries++) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(received()).toBe(3000);
    client.destroy();
    server.close();
  });
});
