import { TimeWeighted } from '../engine/metrics.ts';
import { NS_PER_UNIT, QUEUE_ENTITY, QUEUE_KIND, QUEUE_MODEL, customerEntity } from '../../shared/queueTrace.ts';
import type { QueueScenario } from '../../shared/scenario/queue.ts';
import { BoundedTrace } from './boundedTrace.ts';

const TRACE_ROWS = 4000;

/**
 * What is noted of a run. Customers count from arrival number `warmup` on; averages over time are taken from that arrival to the
 * last one, so that neither the empty start nor the draining end is part of them.
 */
export class QueueRecord {
  readonly trace = new BoundedTrace(QUEUE_MODEL, NS_PER_UNIT, TRACE_ROWS);
  readonly arrivedAt: Float64Array;
  readonly serviceTime: Float64Array;
  readonly warmup: number;
  lost = 0;
  served = 0;
  meanQueueLength = 0;
  meanBusy = 0;
  private readonly waits: Float64Array;
  private queueLength = new TimeWeighted();
  private busy = new TimeWeighted();

  constructor(private readonly scenario: QueueScenario) {
    this.warmup = scenario.warmup ?? 0;
    this.arrivedAt = new Float64Array(scenario.customers);
    this.serviceTime = new Float64Array(scenario.customers);
    this.waits = new Float64Array(scenario.customers - this.warmup).fill(NaN);
  }

  arrival(customer: number, now: number, serviceTime: number): void {
    this.arrivedAt[customer] = now;
    this.serviceTime[customer] = serviceTime;
    if (customer === this.warmup) {
      this.queueLength = new TimeWeighted(now, this.queueLength.value);
      this.busy = new TimeWeighted(now, this.busy.value);
    }
    if (customer === this.scenario.customers - 1) {
      this.meanQueueLength = this.queueLength.average(now);
      this.meanBusy = this.busy.average(now);
    }
    if (this.trace.open) this.trace.add(now, QUEUE_KIND.arrive, customerEntity(customer), this.trace.nanoseconds(serviceTime));
  }

  turnedAway(customer: number, now: number): void {
    if (customer >= this.warmup) this.lost++;
    if (this.trace.open) this.trace.add(now, QUEUE_KIND.lost, customerEntity(customer));
  }

  /** The customer spends `wait` beyond its own service time. */
  waited(customer: number, wait: number): void {
    if (customer >= this.warmup) this.waits[customer - this.warmup] = wait;
  }

  /** The customer leaves, served. */
  departure(customer: number, now: number): void {
    this.served++;
    if (this.trace.open) {
      this.trace.add(now, QUEUE_KIND.depart, customerEntity(customer), this.trace.nanoseconds(now - (this.arrivedAt[customer] as number)));
    }
  }

  waiting(now: number, length: number): void {
    this.queueLength.set(now, length);
    if (this.trace.open) this.trace.add(now, QUEUE_KIND.queueLength, QUEUE_ENTITY, length);
  }

  busyServers(now: number, count: number): void {
    this.busy.set(now, count);
  }

  /** The waits of those who count, in order of arrival, the lost left out. */
  countedWaits(): Float64Array {
    return this.waits.filter((wait) => !Number.isNaN(wait));
  }

  /** The mean service time of the same customers; null where there are none. */
  meanServiceTime(): number | null {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < this.waits.length; i++) {
      if (Number.isNaN(this.waits[i])) continue;
      sum += this.serviceTime[i + this.warmup] as number;
      count++;
    }
    return count > 0 ? sum / count : null;
  }
}
