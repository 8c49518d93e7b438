import type { Simulator } from '../engine/simulator.ts';
import { plannedRequests, type PatternsLoad } from './plannedRequests.ts';
import type { Request } from './request.ts';

/** Lets the planned requests arrive, each at its time. */
export function requestSource(simulator: Simulator, load: PatternsLoad, arrive: (request: Request) => void): void {
  const plan = plannedRequests(load);
  const schedule = (): void => {
    const planned = plan.next().value;
    if (!planned) return;
    simulator.scheduleAt(planned.arriveAt, () => {
      const { index, classIndex, cpu, io, after } = planned;
      const request: Request = { index, classIndex, arrivedAt: simulator.now, cpu, io, after };
      schedule();
      arrive(request);
    });
  };
  schedule();
}
