import { readSocketQueues, type SocketQueues } from '../runtime/tcpTables.ts';
import { endpointEntity, TCP_KIND } from '../shared/tcpTrace.ts';
import type { SocketQueueSampling } from './experimentContext.ts';
import type { MeasuredTrace } from './measuredTrace.ts';

interface Held {
  readonly sendQueue: number;
  readonly receiveQueue: number;
}

/**
 * Reads the kernel's tables every `everyMs`, from this process, and records what both ends of each named connection at `port`
 * hold, where it changed. `available` is false where the kernel shows nothing.
 */
export function sampleSocketQueues(port: number, everyMs: number, nameOf: (clientPort: number) => string | undefined, trace: MeasuredTrace): SocketQueueSampling & { readonly available: boolean } {
  const held = new Map<string, Held>();
  let samples = 0;
  const look = (): boolean => {
    const ends = readSocketQueues(port);
    if (!ends) return false;
    samples++;
    for (const end of ends) {
      const entity = entityOf(end, port, nameOf);
      if (entity === undefined) continue;
      const before = held.get(entity);
      if (before?.sendQueue !== end.sendQueue) trace.add(TCP_KIND.sendQueue, entity, end.sendQueue);
      if (before?.receiveQueue !== end.receiveQueue) trace.add(TCP_KIND.receiveQueue, entity, end.receiveQueue);
      held.set(entity, end);
    }
    return true;
  };
  const available = look();
  const timer = available ? setInterval(look, everyMs) : undefined;
  return {
    available,
    get samples() {
      return samples;
    },
    now: (entity) => {
      look();
      return held.get(entity) ?? null;
    },
    stop: () => clearInterval(timer),
  };
}

/** The client's end has the server's port as its remote one. */
function entityOf({ localPort, remotePort }: SocketQueues, port: number, nameOf: (clientPort: number) => string | undefined): string | undefined {
  const name = nameOf(remotePort === port ? localPort : remotePort);
  return name === undefined ? undefined : endpointEntity(remotePort === port ? 'client' : 'server', name);
}
