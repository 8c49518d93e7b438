import type { Simulator } from '../engine/simulator.ts';
import { QUEUE_KIND, customerEntity, serverEntity } from '../../shared/queueTrace.ts';
import type { QueueRecord } from './record.ts';
import { WaitingLine } from './waitingLine.ts';

/** Servers that each serve one customer to the end, and the line before them. */
export class ServerStation {
  private readonly line: WaitingLine;
  /** Idle servers; the one that fell idle last is taken first. */
  private readonly idle: number[] = [];
  private readonly serving: Int32Array;

  constructor(
    private readonly simulator: Simulator,
    private readonly record: QueueRecord,
    private readonly servers: number,
    private readonly capacity: number,
    order: 'fifo' | 'lifo',
  ) {
    this.line = new WaitingLine(order);
    this.serving = new Int32Array(servers);
    for (let server = servers - 1; server >= 0; server--) this.idle.push(server);
  }

  arrive(customer: number): void {
    const { now } = this.simulator;
    const server = this.idle.pop();
    if (server !== undefined) {
      this.record.busyServers(now, this.servers - this.idle.length);
      if (this.record.trace.open) this.record.trace.add(now, QUEUE_KIND.busy, serverEntity(server), 1);
      this.start(customer, server);
    } else if (this.line.length < this.capacity) {
      this.line.push(customer);
      this.record.waiting(now, this.line.length);
    } else {
      this.record.turnedAway(customer, now);
    }
  }

  private start(customer: number, server: number): void {
    this.serving[server] = customer;
    const { trace, serviceTime } = this.record;
    this.record.waited(customer, this.simulator.now - (this.record.arrivedAt[customer] as number));
    if (trace.open) trace.add(this.simulator.now, QUEUE_KIND.start, customerEntity(customer), server);
    this.simulator.schedule(serviceTime[customer] as number, this.depart, server);
  }

  private readonly depart = (server: number): void => {
    const { now } = this.simulator;
    const { trace } = this.record;
    this.record.departure(this.serving[server] as number, now);
    const next = this.line.take();
    if (next >= 0) {
      this.record.waiting(now, this.line.length);
      this.start(next, server);
    } else {
      this.idle.push(server);
      this.record.busyServers(now, this.servers - this.idle.length);
      if (trace.open) trace.add(now, QUEUE_KIND.busy, serverEntity(server), 0);
    }
  };
}
