import { readListenQueue } from '../runtime/tcpTables.ts';
import { LISTENER_ENTITY, TCP_KIND } from '../shared/tcpTrace.ts';
import type { QueueSampling } from './experimentContext.ts';
import type { MeasuredTrace } from './measuredTrace.ts';

/**
 * Reads the kernel's tables every `everyMs`, from this process, whose loop is free, and records the listener's queues where
 * they changed. `available` is false where the kernel shows none.
 */
export function sampleListenQueue(port: number, everyMs: number, trace: MeasuredTrace): QueueSampling & { readonly available: boolean } {
  const last = { acceptQueue: -1, synQueue: -1 };
  let samples = 0;
  const look = (): boolean => {
    const queue = readListenQueue(port);
    if (!queue) return false;
    samples++;
    if (queue.acceptQueue !== last.acceptQueue) trace.add(TCP_KIND.acceptQueue, LISTENER_ENTITY, (last.acceptQueue = queue.acceptQueue));
    if (queue.synQueue !== last.synQueue) trace.add(TCP_KIND.synQueue, LISTENER_ENTITY, (last.synQueue = queue.synQueue));
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
