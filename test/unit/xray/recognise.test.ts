import { describe, expect, it } from 'vitest';
import type { XrayProcess } from '../../../src/shared/xray/sample.ts';
import { recognise } from '../../../src/sim/xray/recognise.ts';
import { listener, planted, sampleOf, threads } from './planted.ts';

const seen = (processes: readonly XrayProcess[], listeners = [listener(1)], port: number | null = null) => recognise(sampleOf(processes, listeners), port);
const holder = (more: Partial<XrayProcess> = {}): XrayProcess => planted(10, { holds: [1], waitsAt: [1], ...more });

describe('a process that serves alone', () => {
  it('is one thread where it has one', () => {
    expect(seen([holder()])).toEqual({
      pattern: 'one-thread',
      evidence: ['Process 10 alone holds the listening socket with inode 1 on 127.0.0.1:8080. No child takes a connection.', 'Process 10 has one thread.'],
      also: [],
    });
  });

  it('is one thread where the others have names, and so tasks, of their own', () => {
    const { pattern, evidence } = seen([holder({ name: 'redis-server', threads: threads(10, ['redis-server', 1, 'events'], ['bio_lazy_free', 1, 'lock'], ['bio_close_file', 1, 'lock']) })]);
    expect(pattern).toBe('one-thread');
    expect(evidence[1]).toBe("One thread bears the process' own name; the other 2 threads have names of their own (bio_lazy_free, bio_close_file).");
  });

  it('is one thread where it is Node, whose further threads run no JavaScript; also where its main thread has a name of its own', () => {
    const node = { threads: threads(10, ['node', 7, 'lock']) };
    expect(seen([holder({ ...node, name: 'node' })]).pattern).toBe('one-thread');
    expect(seen([holder({ ...node, name: 'MainThread', program: 'node' })]).pattern).toBe('one-thread');
  });

  it('is a thread pool where several threads bear its name', () => {
    const { pattern, evidence } = seen([holder({ threads: threads(10, ['served', 1, 'events'], ['served', 8, 'lock'], ['logger', 1, 'time']) })]);
    expect(pattern).toBe('thread-pool');
    expect(evidence[1]).toBe("Process 10 has 9 threads of the process' own name; of 10's, 8 sleep on a lock or wait for a job (futex) and 1 wait for events (epoll).");
  });

  it('says which thread used the processor only when enough was used to tell', () => {
    const busy = threads(10, ['served', 1, 'runs'], ['helper', 1, 'lock']).map((thread, i) => ({ ...thread, cpuMs: i === 0 ? 900 : 100 }));
    expect(seen([holder({ threads: busy, cpuMs: 1000 })]).evidence[1]).toContain('Thread 10 used 90 % of its processor time so far.');
    expect(seen([holder({ threads: busy, cpuMs: 100 })]).evidence[1]).not.toContain('%');
  });
});

describe('processes that share the work', () => {
  it('were forked before, where several hold one socket; the parent only holds it', () => {
    const { pattern, evidence, also } = seen([planted(10, { holds: [1] }), ...[11, 12, 13].map((pid) => planted(pid, { holds: [1], waitsAt: [1] }))]);
    expect(pattern).toBe('pre-forked');
    expect(evidence).toEqual([
      '4 processes share the listening socket with inode 1 on 127.0.0.1:8080 (10, 11, 12 and 13).',
      '3 of them wait there for a connection (11, 12 and 13).',
      '10 holds it and does not wait: it is the parent, which opened the socket before it forked.',
    ]);
    expect(also).toEqual([]);
  });

  it('have a thread pool each, where they have', () => {
    const child = (pid: number): XrayProcess => planted(pid, { holds: [1], waitsAt: [1], threads: threads(pid, ['served', 9, 'lock']) });
    const { pattern, also } = seen([planted(10, { holds: [1] }), child(11), child(12)]);
    expect(pattern).toBe('pre-forked');
    expect(also).toMatchObject([{ pattern: 'thread-pool', evidence: [expect.stringContaining('2 processes have 9 threads')] }]);
  });

  it('have a socket each where more than one listens on one port, also where all inherited all', () => {
    const listeners = [listener(1), listener(2)];
    const { pattern, evidence } = seen([planted(10, { holds: [1, 2] }), planted(11, { holds: [1, 2], waitsAt: [1] }), planted(12, { holds: [1, 2], waitsAt: [2] })], listeners);
    expect(pattern).toBe('reuse-port');
    expect(evidence[1]).toBe('2 processes wait at one of them each (11 and 12).');
    expect(seen([planted(10, { holds: [1, 2], waitsAt: [1, 2], listeningLoops: 2 })], listeners).evidence[1]).toContain('2 epoll sets: its workers are threads');
  });

  it('do not have a socket each where the sockets are of different addresses', () => {
    expect(seen([planted(10, { holds: [1, 2], waitsAt: [1, 2] })], [listener(1), listener(2, 8080, { address: '::1' })]).pattern).toBe('one-thread');
  });

  it('are handed connections where children without a socket have several, or Node’s cluster module started them', () => {
    expect(seen([holder(), planted(11, { serves: 3 }), planted(12, { serves: 1 })])).toMatchObject({ pattern: 'hands-out', evidence: [expect.anything(), 'Its 2 children 11 and 12 hold no listening socket; together they serve 4 connections of that port now. Each came to them as a descriptor that was passed on.'] });
    const idle = seen([holder(), planted(11, { clusterWorker: true }), planted(12, { clusterWorker: true })]);
    expect(idle.pattern).toBe('hands-out');
    expect(idle.evidence[1]).toContain('NODE_UNIQUE_ID');
  });

  it('are one for each connection where each child has one', () => {
    const { pattern, evidence } = seen([holder(), planted(11, { serves: 1 }), planted(12, { serves: 1 }), planted(13, { writes: ['/log'] })]);
    expect(pattern).toBe('process-per-connection');
    expect(evidence[1]).toContain('2 of its children hold one connection of that port each (11 and 12)');
  });

  it('says when that is known by the name alone', () => {
    const { pattern, evidence } = seen([holder({ name: 'postgres' }), planted(11, { name: 'postgres', writes: ['/wal'] })]);
    expect(pattern).toBe('process-per-connection');
    expect(evidence[1]).toContain('known to fork one for each');
  });

  it('are a fork for a backup where a child has the parent’s connections and writes a file', () => {
    const { pattern, evidence } = seen([holder(), planted(11, { title: 'redis-rdb-bgsave', inherits: 2, writes: ['/var/lib/temp-11.rdb'] })]);
    expect(pattern).toBe('fork-for-backup');
    expect(evidence[2]).toBe(
      'Its child 11 (redis-rdb-bgsave) does not listen, and has the same 2 connections open as its parent (inherited by fork) and writes temp-11.rdb: it was forked from 10 to work on a frozen copy of its memory. 75 % of its memory is shared with others, copied only when written.',
    );
  });

  it('leaves out what runs another program', () => {
    expect(seen([holder(), planted(11, { name: 'sh', holds: [1] })]).pattern).toBe('one-thread');
    expect(seen([holder(), planted(11, { name: 'sh', writes: ['/out'] })]).pattern).toBe('one-thread');
  });
});

describe('several ports', () => {
  const both = [planted(10, { holds: [1, 2, 3] }), planted(11, { holds: [1, 2, 3], waitsAt: [1, 2] }), planted(12, { holds: [1, 2, 3], waitsAt: [1, 3] })];
  const listeners = [listener(1, 80), listener(2, 81), listener(3, 81)];

  it('have a pattern each, the one asked for first', () => {
    expect(seen(both, listeners, 80)).toMatchObject({ pattern: 'pre-forked', also: [{ pattern: 'reuse-port' }] });
    expect(seen([...both, planted(13, { holds: [4], waitsAt: [4] })], [...listeners, listener(4, 82)], 80).also.map(({ pattern }) => pattern)).toEqual(['reuse-port']);
    expect(seen(both, listeners, 81)).toMatchObject({ pattern: 'reuse-port', also: [{ pattern: 'pre-forked' }] });
  });
});

describe('what cannot be told', () => {
  it('is said where no descriptor may be read', () => {
    const { pattern, evidence } = seen([planted(10, { permitted: false, user: 'root' }), planted(11, { permitted: false, user: 'www-data' })], []);
    expect(pattern).toBe('not-permitted');
    expect(evidence[0]).toContain('2 processes (10 and 11) may not be read by you: they belong to root and www-data');
  });

  it('is said beside what can, where some may be read', () => {
    expect(seen([planted(10, { permitted: false, user: 'root' }), planted(11, { holds: [1], waitsAt: [1] }), planted(12, { holds: [1], waitsAt: [1] })])).toMatchObject({ pattern: 'pre-forked', also: [{ pattern: 'not-permitted' }] });
  });

  it('keeps from calling a process the only holder of a socket where others may hold it unseen', () => {
    const { pattern, evidence } = seen([planted(10, { permitted: false, user: 'root' }), planted(11, { holds: [1], waitsAt: [1] })]);
    expect(pattern).toBe('not-permitted');
    expect(evidence[1]).toBe('Process 11 holds the listening socket with inode 1 on 127.0.0.1:8080; whether it alone does cannot be told.');
  });

  it('is said where nothing listens', () => {
    expect(seen([planted(10)], [])).toMatchObject({ pattern: 'no-listener', evidence: ['The process has not a descriptor of a listening TCP socket.'] });
  });
});
