import { readListenQueue } from '../runtime/tcpTables.ts';
import { LISTENER_ENTITY, TCP_KIND } from '../shared/tcpTrace.ts';
import type { QueueName, QueueSampling } from './experimentContext.ts';
import type { MeasuredTrace } from './measuredTrace.ts';

/**
 * Reads the kernel's tables every `everyMs`, from this process, whose loop is free, and records the listener's queues where
 * they changed; with `as`, the accept queue alone, by that name. `available` is false where the kernel shows none.
 */
export function sampleListenQueue(port: number, everyMs: number, trace: MeasuredTrace, as?: QueueName): QueueSampling & { readonly available: boolean } {
  const last = { acceptQueue: -1, synQueue: -1 };
  const accept = as ?? { kind: TCP_KIND.acceptQueue, entity: LISTENER_ENTITY };
  let samples = 0;
  const look = (): boolean => {
    const queue = readListenQueue(port);
    if (!queue) return false;
    samples++;
    if (queue.acceptQueue !== last.acceptQueue) trace.add(accept.kind, accept.entity, (last.acceptQueue = queue.acceptQueue));
    if (!as && queue.synQueue !== last.synQueue) trace.add(TCP_KIND.synQueue, LISTENER_ENTITY, (last.synQueue = queue.synQueue));
    return true;
  };
  const available = look();
  const timer = available ? setInterval(look, everyMs) : undefined;
  return {
    available,
    get samples() {
      return samples;
    },
    stop: () => clearInterval(timer),
  };
}
