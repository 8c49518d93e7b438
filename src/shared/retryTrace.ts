/**
 * What the rows of a retry trace (model `retry`) mean: the first few intents, as if all began at 0. One intent is one entity.
 * Attempts are numbered from 1 in the rows' values.
 */
export const RETRY_MODEL = 'retry';

/** The entity of one intent, numbered from 0. */
export function intentEntity(index: number): string {
  return `intent:${index}`;
}

export const RETRY_KIND = {
  /** The client sends an attempt. Value: its number. Detail: `{ key }`, what the server makes of it (KeyUse). */
  attempt: 'attempt',
  /** The request never arrives. Value: the attempt's number. */
  requestLost: 'request-lost',
  /** The server has charged: its work on an attempt is done. Value: how many charges this intent now has. */
  charge: 'charge',
  /** An attempt arrives whose key the server knows; it charges nothing. Value: the attempt's number. */
  duplicate: 'duplicate',
  /** The server crashes before it replies. Value: the attempt's number. Detail: `{ keyForgotten }`. */
  crash: 'crash',
  /** The reply never arrives. Value: the attempt's number. */
  replyLost: 'reply-lost',
  /** The reply comes after the client stopped waiting for it. Value: the attempt's number. */
  replyLate: 'reply-late',
  /** The client has its answer. Value: nanoseconds since its first attempt. */
  answered: 'answered',
  /** The client stops waiting for a reply. Value: the attempt's number. */
  timeout: 'timeout',
  /** The client will try again. Value: nanoseconds until then. */
  backoff: 'backoff',
  /** The client gives up. Value: how many charges were made. */
  giveUp: 'give-up',
} as const;

export type RetryKind = (typeof RETRY_KIND)[keyof typeof RETRY_KIND];

/** What becomes of an attempt's key: there is none; the server notes it when the request arrives, or when it has its reply. */
export type KeyUse = 'none' | 'on-arrival' | 'with-reply';

/** The use of keys in a retry scenario. */
export function keyUse({ key, key_recorded = 'on-arrival' }: { readonly key: boolean; readonly key_recorded?: 'on-arrival' | 'with-reply' }): KeyUse {
  return key ? key_recorded : 'none';
}
