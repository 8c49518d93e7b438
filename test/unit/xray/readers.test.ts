import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Wait } from '../../../src/shared/xray/sample.ts';
import { parseStat, readProcess } from '../../../src/runtime/processTable.ts';
import { backlogsIn } from '../../../src/runtime/xray/backlogs.ts';
import { describeProcess } from '../../../src/runtime/xray/describe.ts';
import { epollInodesIn } from '../../../src/runtime/xray/descriptors.ts';
import { titleIn } from '../../../src/runtime/xray/identity.ts';
import type { Look } from '../../../src/runtime/xray/look.ts';
import { memoryIn } from '../../../src/runtime/xray/memory.ts';
import { XraySampler } from '../../../src/runtime/xray/sampler.ts';
import { socketsOf } from '../../../src/runtime/xray/sockets.ts';
import { findRoot } from '../../../src/runtime/xray/target.ts';
import { tcpRowsIn } from '../../../src/runtime/xray/tcpRows.ts';
import { waitOf } from '../../../src/runtime/xray/threads.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

describe('/proc/net/tcp', () => {
  it('gives addresses, state, both queues, owner and inode of a socket', () => {
    const row = '   0: 0100007F:1F90 0200A8C0:C001 01 0000000A:00000010 00:00000000 00000000  1000        0 31337 1 0000000000000000 20 4 30 10 -1\n';
    expect(tcpRowsIn(HEAD + row)).toEqual([
      { localAddress: '127.0.0.1', localPort: 8080, remoteAddress: '192.168.0.2', remotePort: 0xc001, state: 'ESTABLISHED', sendQueue: 10, receiveQueue: 16, uid: 1000, inode: 31337 },
    ]);
  });

  it.each([
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000001000000', '::1'],
    ['0000000000000000FFFF00000100007F', '::ffff:127.0.0.1'],
    ['B80D0120000000000000000001000000', '2001:db8::1'],
  ])('gives the IPv6 address %s as %s', (hex, address) => {
    expect(tcpRowsIn(`${HEAD}   0: ${hex}:0050 ${hex}:0000 0A 0:0 0:0 0 0 0 7 1\n`)).toMatchObject([{ localAddress: address, localPort: 80, state: 'LISTEN', inode: 7 }]);
  });
});

describe('what else /proc and ss say', () => {
  it('is a name with brackets and spaces, and processor time of both kinds', () => {
    expect(parseStat(7, '7 (a) b (c) S 1 2 3 0 -1 4 5 6 7 8 30 12 5 6 20 0 9 0 4242 1 2')).toMatchObject({ name: 'a) b (c', state: 'S', parentPid: 1, startTicks: 4242, ownCpuTicks: 42, cpuTicks: 53 });
  });

  it('is the inodes of an epoll set, in hexadecimal', () => {
    expect(epollInodesIn('pos:\t0\nflags:\t02\ntfd:        5 events:     2019 data:     5638c6504f80  pos:0 ino:1dd310 sdev:9\n')).toEqual(new Set([0x1dd310]));
  });

  it('is the backlog of each listening socket', () => {
    const text = 'LISTEN 3      511    127.0.0.1:18080 0.0.0.0:* uid:65534 ino:1954575 sk:9f cgroup:/ <->\nESTAB 0 0 a b ino:9\n';
    expect(backlogsIn(text)).toEqual(new Map([[1954575, 511]]));
  });

  it('is memory in bytes, and null for what was not to be read', () => {
    expect(memoryIn('VmRSS:\t  12 kB\n', 'Rss: 12 kB\nPss:  5 kB\nPss_Dirty: 9 kB\nShared_Clean: 3 kB\nShared_Dirty: 1 kB\nPrivate_Clean: 2 kB\nPrivate_Dirty: 6 kB\n')).toEqual({ rssBytes: 12288, pssBytes: 5120, sharedBytes: 4096 });
    expect(memoryIn('VmRSS:\t  12 kB\n', '')).toEqual({ rssBytes: 12288, pssBytes: null, sharedBytes: null });
  });

  it('is a command line, or the sentence that a program put in its place', () => {
    expect(titleIn('/usr/bin/node\0a.js\0--port\n\0')).toBe('node a.js --port');
    expect(titleIn('nginx: master process /usr/sbin/nginx\0\0\0')).toBe('nginx: master process /usr/sbin/nginx');
    expect(titleIn(`x${'y'.repeat(300)}`)).toHaveLength(160);
  });

  it.each([
    ['S', 'do_epoll_wait', 'events'],
    ['S', 'ep_poll', 'events'],
    ['S', 'inet_csk_accept', 'accept'],
    ['S', 'do_sys_poll', 'poll'],
    ['S', 'futex_wait_queue', 'lock'],
    ['S', 'hrtimer_nanosleep', 'time'],
    ['R', '0', 'runs'],
    ['D', '0', 'disk'],
    ['S', '0', 'unread'],
    ['S', null, 'unread'],
    ['S', 'something_new', 'other'],
  ] as const)('is what a thread in state %s waits for in %s: %s', (state, sleepsIn, wait) => {
    expect(waitOf(state, sleepsIn)).toBe(wait);
  });
});

describe('at which of its sockets a process waits', () => {
  const row = (inode: number, localPort: number, state: 'LISTEN' | 'ESTABLISHED') => ({ inode, localPort, state, localAddress: '127.0.0.1', remoteAddress: '127.0.0.1', remotePort: 9, sendQueue: 1, receiveQueue: 2, uid: 0 });
  const rows = [row(1, 80, 'LISTEN'), row(2, 80, 'ESTABLISHED'), row(3, 80, 'ESTABLISHED'), row(4, 5000, 'ESTABLISHED')];
  const lookAt = (wait: Wait, sockets: readonly number[], epoll: readonly number[] = []): Look => ({
    stat: parseStat(10, '10 (a) S 1 2 3 0 -1 4 5 6 7 8 30 12 5 6 20 0 1 0 4242 1 2'),
    depth: 0,
    identity: { program: 'a', title: 'a', user: 'ada', clusterWorker: false },
    descriptors: { sockets: new Set(sockets), epollSets: epoll.length > 0 ? [new Set(epoll)] : [], writes: [] },
    threadCount: 1,
    threads: [{ tid: 10, name: 'a', wait, cpuMs: 0 }],
    memory: { rssBytes: 1, pssBytes: 1, sharedBytes: 0 },
  });
  const described = (own: Look, others: readonly Look[] = []) => describeProcess(own, others[0], socketsOf([own, ...others], rows));

  it.each([
    ['in its epoll set', lookAt('events', [1], [1]), [1]],
    ['not where its epoll set has others', lookAt('events', [1], [7]), []],
    ['in accept()', lookAt('accept', [1]), [1]],
    ['in poll(), where nobody has it in an epoll set', lookAt('poll', [1]), [1]],
    ['not where it has no descriptor of it', lookAt('accept', []), []],
  ])('is told: %s', (_, own, waitsAt) => {
    expect(described(own, [lookAt('other', [1])]).waitsAt).toEqual(waitsAt);
  });

  it('leaves out who sleeps in select() while others have it in an epoll set', () => {
    expect(described(lookAt('poll', [1]), [lookAt('events', [1], [1])]).waitsAt).toEqual([]);
  });

  it('tells connections of clients from those of its parent and those of its own', () => {
    expect(described(lookAt('events', [1, 2, 3, 4]), [lookAt('events', [1, 3])])).toMatchObject({ serves: 1, inherits: 1, connectsTo: 1, sendQueueBytes: 3, receiveQueueBytes: 6, cpuMs: 420 });
  });
});

describe.skipIf(process.platform !== 'linux')('a process of this machine', () => {
  it('is sampled until it ends, and a pid given away is not taken for it', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const pid = child.pid as number;
    let nowMs = 5000;
    const sampler = new XraySampler(pid, () => nowMs++);
    expect(await sampler.sample()).toMatchObject({ rootPid: pid, takenAtMs: 5000, tookMs: 1, processes: [{ pid, depth: 0, permitted: true }], listeners: [] });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    expect(readProcess(pid)).toBeNull();
    expect(await sampler.sample()).toBeNull();
  });

  it.each([
    ['99999999', 'There is no process 99999999'],
    [':0', 'A port is a number from 1 to 65535'],
    [':1', 'Nothing listens on port 1 here'],
    ['no-such-program', 'No process here is called "no-such-program"'],
    [': 1', 'Name a process by its pid'],
  ])('that is not there is a sentence: %s', async (text, sentence) => {
    await expect(findRoot(text)).rejects.toThrow(sentence);
  });

  it('is found by the port of any of its sockets', async () => {
    const { createServer } = await import('node:net');
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    // Vitest's own processes are node too; none of them shares this socket.
    const sample = await new XraySampler(await findRoot(`:${port}`), Date.now).sample();
    expect(sample?.listeners.map((listener) => listener.port)).toContain(port);
    server.close();
  });
});
