import { AcceptQueueReader } from '../runtime/acceptQueue.ts';
import { readListenQueue } from '../runtime/tcpTables.ts';
import { LISTENER_ENTITY, TCP_KIND } from '../shared/tcpTrace.ts';
import type { QueueName, QueueSampling } from './experimentContext.ts';
import type { MeasuredTrace } from './measuredTrace.ts';

/** To count handshakes the kernel has to walk all of its connections; no more than this share of our time goes to that. */
const SYN_SHARE = 0.05;

/**
 * Reads the kernel's tables every `everyMs`, from this process, whose loop is free, and records the listener's queues where
 * they changed: the accept queue each time, the SYN queue as often as its cost allows; with `as`, the accept queue alone, by that name.
 * `available` is false where the kernel shows none.
 */
export function sampleListenQueue(port: number, everyMs: number, trace: MeasuredTrace, as?: QueueName): QueueSampling & { readonly available: boolean } {
  const reader = new AcceptQueueReader(port);
  const last = { acceptQueue: -1, synQueue: -1 };
  const accept = as ?? { kind: TCP_KIND.acceptQueue, entity: LISTENER_ENTITY };
  let samples = 0;
  let synDueMs = as ? Infinity : 0;
  const lookAtSyns = (): void => {
    const fromMs = performance.now();
    if (fromMs < synDueMs) return;
    const { synQueue = 0 } = readListenQueue(port) ?? {};
    const untilMs = performance.now();
    synDueMs = untilMs + (untilMs - fromMs) / SYN_SHARE;
    if (synQueue !== last.synQueue) trace.add(TCP_KIND.synQueue, LISTENER_ENTITY, (last.synQueue = synQueue));
  };
  const look = (): boolean => {
    const length = reader.read();
    if (length === null) return false;
    samples++;
    if (length !== last.acceptQueue) trace.add(accept.kind, accept.entity, (last.acceptQueue = length));
    lookAtSyns();
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
