/**
 * What the rows of an execution pattern's trace (model `patterns`) mean. It holds the beginning of the run only. The scenario's unit
 * of time, which has no name, is drawn as one millisecond.
 */
export const PATTERNS_MODEL = 'patterns';

/** The shared accept queue, or the pool's queue. */
export const SHARED_QUEUE_ENTITY = 'queue';
/** Who accepts and hands out, where that is not a worker: the primary, the pool's listener thread, the parent that forks. */
export const ACCEPTOR_ENTITY = 'acceptor';
/** All its processes or threads together. */
export const SERVER_ENTITY = 'server';
/** The forked child of `single-fork`. */
export const CHILD_ENTITY = 'child';

/** The entity of one request, numbered from 0 in order of arrival. */
export function requestEntity(index: number): string {
  return `request:${index}`;
}

/** The entity of one worker, numbered from 0; with a process per connection, its process, numbered as its request. */
export function workerEntity(index: number): string {
  return `worker:${index}`;
}

export const PATTERNS_KIND = {
  /** Entity: a request. Value: its class's number. Detail: `{ class }`, its name. */
  arrive: 'arrive',
  /** Entity: a request, whose connection is complete. Value: nanoseconds from its arrival (connect()) until now. Only where the scenario has `handshake`. */
  connected: 'connected',
  /** Entity: a queue's holder: `queue`, `acceptor`, or a worker with a queue of its own. Value: requests in it. */
  queueLength: 'queue-length',
  /** Entity: a request, which the acceptor now hands on. */
  dispatch: 'dispatch',
  /** Entity: a request. Value: the worker that starts on it. Detail: `{ class }`. */
  start: 'start',
  /** Entity: a request. Value: the worker on which its CPU part ended; its I/O begins. */
  io: 'io',
  /** Entity: a request whose I/O is over, and whose callback now waits for a busy event loop. Value: the worker that runs it. */
  ready: 'ready',
  /** Entity: a request. Value: the worker that runs its callback after the I/O. */
  resume: 'resume',
  /** Entity: a request. Value: nanoseconds from its arrival until now. Detail: `{ class }`. */
  depart: 'depart',
  /** Entity: a request. Value: the worker that took it down (0 where its client cannot know); −1 where nobody listened. */
  lost: 'lost',
  /** Entity: a worker, or `acceptor`. Value: 1 when it takes up work, 0 when it can take more. */
  busy: 'busy',
  /** Entity: a worker, or `acceptor`, whose core ran another before: it pays for the switch. Value: the core. */
  contextSwitch: 'context-switch',
  /** Entity: a worker. Value: requests that it takes down. */
  crash: 'crash',
  /** Entity: a worker that listens again. */
  respawn: 'respawn',
  /** Entity `server`, at the end. Value: bytes of memory at its most: what is shared once, and each worker's own. */
  memory: 'memory',
  /** Entity `server`, at 0, where several are compared. Value: its workers, 0 where it makes one for each request. Detail: `{ title, pattern }`. */
  backend: 'backend',
  /** Entity `child`: it exists from now. Value: pages of its parent. */
  fork: 'fork',
  /** Entity `child`: it ends. Value: pages that were copied while it lived. */
  childExit: 'child-exit',
} as const;

/** What stands before the entities of one of several servers that are compared under one load. */
export function backendPrefix(id: string): string {
  return `${id}/`;
}

/** Nanoseconds that one unit of a scenario's time is drawn as. */
export const PATTERNS_NS_PER_UNIT = 1e6;
