import { TCP_KIND } from '../../src/shared/tcpTrace.ts';
import type { Trace } from '../../src/shared/trace.ts';

/** How many connections each queue holds; null where nothing says so. */
export interface Limits {
  readonly backlog: number | null;
  readonly synQueue: number | null;
  readonly acceptQueue: number | null;
}

/** Linux's own default (net/core/sock.c), where the machine has not been looked at. */
export const SOMAXCONN = 4096;

/**
 * Both queues hold backlog + 1, the backlog capped by `somaxconn` in silence (recordings backlog4-clients8-burst,
 * backlog100-somaxconn4-clients8). Node takes a backlog of 0 for 511.
 */
export function limitsOf(values: Readonly<Record<string, number>>, somaxconn: number): Limits {
  const asked = values.backlog;
  if (asked === undefined) return { backlog: null, synQueue: null, acceptQueue: null };
  const backlog = Math.min(asked === 0 ? NODE_DEFAULT_BACKLOG : asked, somaxconn);
  return { backlog, synQueue: backlog + 1, acceptQueue: backlog + 1 };
}

const NODE_DEFAULT_BACKLOG = 511;

/** What a trace can tell: a measured one may know how long a queue was and not who stood in it. */
export interface Knowledge {
  readonly synQueue: boolean;
  readonly acceptQueue: boolean;
  /** Which connection is where on the server. */
  readonly places: boolean;
  readonly segments: boolean;
  readonly measured: boolean;
  /** The longest that either queue gets: room for them where no capacity is known. */
  readonly longest: number;
}

export function knowledgeOf(trace: Trace): Knowledge {
  const has = (kind: string): boolean => trace.kinds.includes(kind);
  const places = trace.kind.some((kind, row) => trace.kinds[kind] === TCP_KIND.state && trace.entities[trace.entity[row] as number]?.startsWith('server:') === true);
  const isQueue = trace.kinds.map((kind) => kind === TCP_KIND.synQueue || kind === TCP_KIND.acceptQueue);
  const longest = trace.kind.reduce((most, kind, row) => (isQueue[kind] ? Math.max(most, trace.value[row] as number) : most), 0);
  return { synQueue: has(TCP_KIND.synQueue), acceptQueue: has(TCP_KIND.acceptQueue), places, segments: has(TCP_KIND.segment), measured: trace.source === 'measured', longest };
}
