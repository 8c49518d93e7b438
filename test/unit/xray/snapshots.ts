import type { XrayProcess, XraySample } from '../../../src/shared/xray/sample.ts';
import type { HistoryPoint, XraySnapshot } from '../../../src/shared/xray/view.ts';
import { recognise } from '../../../src/sim/xray/recognise.ts';
import { listener, planted, sampleOf, threads } from './planted.ts';

const MIB = 1024 * 1024;

/** A minute of samples every 500 ms with a gap in it, and a queue that fills and empties. */
export function minute(endMs = 60_000): HistoryPoint[] {
  return Array.from({ length: 120 }, (_, i): HistoryPoint => {
    const takenAtMs = endMs - (119 - i) * 500;
    return { takenAtMs, acceptQueue: Math.max(0, 40 - Math.abs(i - 80) * 4), connections: 3 + (i % 7), cpuShare: i === 0 || i === 51 ? null : 0.2 + 0.6 * Number(i > 60), memoryBytes: (40 + i / 20) * MIB };
  }).filter((_, i) => i < 30 || i > 50);
}

export function snapshotOf(sample: XraySample, more: Partial<XraySnapshot> = {}): XraySnapshot {
  return { asked: ':8080', state: 'live', problem: null, sample, recognition: recognise(sample), history: minute(sample.takenAtMs), changes: [], intervalMs: 500, ageMs: 200, ...more };
}

const state = (name: 'ESTABLISHED' | 'TIME_WAIT' | 'CLOSE_WAIT', count: number, bytes = 0) => ({ state: name, count, sendQueueBytes: bytes, receiveQueueBytes: bytes * 2 });

const nginx = (pid: number, more: Partial<XrayProcess> = {}): XrayProcess => planted(pid, { name: 'nginx', title: pid === 10 ? 'nginx: master process nginx' : 'nginx: worker process', holds: [1311], waitsAt: pid === 10 ? [] : [1311], rssBytes: (pid === 10 ? 6 : 9) * MIB, pssBytes: 2.2 * MIB, ...more });

/** Samples to draw, by name: each kind of server, and what is hard to draw. */
export const SAMPLES = {
  nginx: () =>
    sampleOf([nginx(10), nginx(11, { serves: 4, sendQueueBytes: 2900 }), nginx(12, { serves: 3, connectsTo: 2 }), nginx(13)], [listener(1311, 8080, { acceptQueue: 37 })], {
      takenAtMs: 60_000,
      served: [state('ESTABLISHED', 7, 2900), state('TIME_WAIT', 21)],
      outgoing: [state('ESTABLISHED', 2)],
      busiest: [{ pid: 11, local: '127.0.0.1:8080', remote: '127.0.0.1:51002', state: 'ESTABLISHED', sendQueueBytes: 2900, receiveQueueBytes: 5800 }],
    }),
  reusePort: () =>
    sampleOf(
      [10, 11, 12, 13].map((pid) => nginx(pid, { holds: [1, 2, 3], waitsAt: pid === 10 ? [] : [pid - 10] })),
      [listener(1, 8080, { backlog: 7, acceptQueue: 8 }), listener(2, 8080, { backlog: 7, acceptQueue: 2 }), listener(3, 8080, { backlog: 7 })],
    ),
  apache: () => {
    const child = (pid: number): XrayProcess => planted(pid, { name: 'apache2', title: 'apache2 -k start', user: 'www-data', holds: [5], waitsAt: [5], threads: threads(pid, ['apache2', 1, 'events'], ['apache2', 24, 'lock'], ['apache2', 2, 'runs']), serves: 2 });
    return sampleOf([planted(10, { name: 'apache2', title: 'apache2 -k start', holds: [5] }), child(11), child(12)], [listener(5, 80, { address: '::' })]);
  },
  redis: () =>
    sampleOf(
      [
        planted(10, { name: 'redis-server', title: 'redis-server 127.0.0.1:6379', holds: [9], waitsAt: [9], serves: 2, rssBytes: 90 * MIB, pssBytes: 48 * MIB, sharedBytes: 84 * MIB, threads: threads(10, ['redis-server', 1, 'events'], ['bio_lazy_free', 1, 'lock'], ['bio_aof_fsync', 1, 'lock'], ['bio_close_file', 1, 'lock']) }),
        planted(11, { name: 'redis-server', title: 'redis-rdb-bgsave 127.0.0.1:6379', inherits: 2, writes: ['/var/lib/redis/temp-11.rdb'], rssBytes: 86 * MIB, pssBytes: 43 * MIB, sharedBytes: 84 * MIB, threads: threads(11, ['redis-server', 1, 'disk']) }),
      ],
      [listener(9, 6379)],
    ),
  notPermitted: () =>
    sampleOf(
      [
        nginx(10, { permitted: false, user: 'root', holds: [], waitsAt: [], pssBytes: null, sharedBytes: null, threads: threads(10, ['nginx', 1, 'unread']) }),
        nginx(11, { user: 'ada', serves: 1 }),
        nginx(12, { permitted: false, user: 'www-data', holds: [], waitsAt: [], pssBytes: null, sharedBytes: null, threads: threads(12, ['nginx', 33, 'unread']) }),
      ],
      [listener(1311, 8080, { backlog: null, acceptQueue: 2 })],
    ),
  many: () => {
    const worker = (pid: number): XrayProcess => planted(pid, { name: 'prefork', title: 'prefork --workers 200 --with-a-long-command-line=that-does-not-fit', holds: [1], waitsAt: [1], threads: threads(pid, ['prefork', 80, 'lock']), threadCount: 213 });
    const sockets = Array.from({ length: 11 }, (_, i) => listener(1 + i, 9000 + i, { address: '2001:db8:1234:5678:9abc:def0:1234:5678', backlog: 4095, acceptQueue: 4000 }));
    return sampleOf([planted(10, { name: 'prefork', title: 'prefork', holds: [1, 2, 3] }), ...Array.from({ length: 60 }, (_, i) => worker(100 + i)), ...Array.from({ length: 40 }, (_, i) => planted(300 + i, { parentPid: 100, depth: 2, name: `helper${i}` }))], sockets, { leftOut: 23 });
  },
  alone: () => sampleOf([planted(10, { name: 'worker', threads: threads(10, ['worker', 1, 'time']) })], []),
} as const satisfies Readonly<Record<string, () => XraySample>>;
export type SampleName = keyof typeof SAMPLES;
