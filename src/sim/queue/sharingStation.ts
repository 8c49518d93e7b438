import type { Simulator } from '../engine/simulator.ts';
import { QUEUE_KIND, customerEntity, serverEntity } from '../../shared/queueTrace.ts';
import { ProcessorSharing } from './processorSharing.ts';
import type { QueueRecord } from './record.ts';

/** Relative to the clock; doubles carry 2^-53 per step, and a busy period takes many. */
const ROUNDING = 1e-12;

/** Servers that all present customers share; "waiting" are those present beyond the number of servers. */
export class SharingStation {
  private readonly sharing: ProcessorSharing<number>;
  private waiting = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly record: QueueRecord,
    private readonly servers: number,
    private readonly capacity: number,
  ) {
    this.sharing = new ProcessorSharing(simulator, servers, this.depart);
  }

  arrive(customer: number): void {
    const { now } = this.simulator;
    if (this.sharing.size >= this.servers + this.capacity) return this.record.turnedAway(customer, now);
    this.sharing.start(customer, this.record.serviceTime[customer] as number);
    if (this.record.trace.open) this.record.trace.add(now, QUEUE_KIND.start, customerEntity(customer), -1);
    this.changed();
  }

  private readonly depart = (customer: number): void => {
    const { now } = this.simulator;
    const { arrivedAt, serviceTime } = this.record;
    const wait = now - (arrivedAt[customer] as number) - (serviceTime[customer] as number);
    // Who was never slowed down waits 0, which the rounding of large times misses on either side.
    this.record.waited(customer, wait > now * ROUNDING ? wait : 0);
    this.record.departure(customer, now);
    this.changed();
  };

  private changed(): void {
    const { now } = this.simulator;
    const busy = Math.min(this.servers, this.sharing.size);
    const waiting = this.sharing.size - busy;
    this.record.busyServers(now, busy);
    if (this.record.trace.open) this.record.trace.add(now, QUEUE_KIND.busy, serverEntity('all'), busy);
    if (waiting === this.waiting) return;
    this.waiting = waiting;
    this.record.waiting(now, waiting);
  }
}
