/**
 * What the rows of a queue's trace (model `queue`) mean. It holds the beginning of the run only. The input's unit of time, which
 * has no name, is drawn as one millisecond.
 */
export const QUEUE_MODEL = 'queue';

/** Where the customers wait. */
export const QUEUE_ENTITY = 'queue';

/** The entity of one customer, numbered from 0 in order of arrival. */
export function customerEntity(index: number): string {
  return `customer:${index}`;
}

/** The entity of one server, numbered from 0. Under processor sharing `servers` are one entity, `server:all`. */
export function serverEntity(index: number | 'all'): string {
  return `server:${index}`;
}

export const QUEUE_KIND = {
  /** Entity: a customer. Value: its own service time in nanoseconds. */
  arrive: 'arrive',
  /** Entity: a customer, who found every waiting place taken and goes. */
  lost: 'lost',
  /** Entity: a customer. Value: the server that takes it; −1 under processor sharing, where all take it. */
  start: 'start',
  /** Entity: a customer. Value: nanoseconds from its arrival until now. */
  depart: 'depart',
  /** Entity `queue`. Value: customers who wait; under processor sharing, those present beyond the number of servers. */
  queueLength: 'queue-length',
  /** Entity: a server. Value: 1 when it takes up a customer after being idle, 0 when it falls idle; of `server:all`, how many are busy. */
  busy: 'busy',
} as const;

/** Nanoseconds that one unit of a scenario's time is drawn as. */
export const NS_PER_UNIT = 1e6;
