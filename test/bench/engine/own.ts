/**
 * The models on our own simulator, run as a program of its own in the folder of the inputs:
 * `mmc LAMBDA SERVERS`, `hold SIZE HOLDS`, `timers SIZE EVENTS` and, with node's --expose-gc, `memory SIZE`.
 */
import { NO_EVENT, Simulator } from '../../../src/sim/engine/simulator.ts';
import { processorSeconds } from '../peers/processorSeconds.cjs';
import { CUSTOMERS, HOLD_DELAYS, readDoubles } from './inputs.ts';

/** Seconds of the processor that `simulator.run()` takes. */
function timeRun(simulator: Simulator): number {
  const start = processorSeconds();
  simulator.run();
  return processorSeconds() - start;
}

function queue(lambda: number, servers: number): void {
  const input = readDoubles('input.bin', 2 * CUSTOMERS);
  const gaps = input.subarray(0, CUSTOMERS).map((gap) => gap / lambda);
  const services = input.subarray(CUSTOMERS);
  const simulator = new Simulator();
  const waiting = new Float64Array(CUSTOMERS);
  let arrived = 0;
  let queued = 0;
  let started = 0;
  let idle = servers;
  let waited = 0;
  const start = (arrivedAt: number): void => {
    idle--;
    waited += simulator.now - arrivedAt;
    simulator.schedule(services[started++] as number, depart);
  };
  const depart = (): void => {
    idle++;
    if (started < queued) start(waiting[started] as number);
  };
  const arrive = (): void => {
    waiting[queued++] = simulator.now;
    if (idle > 0) start(simulator.now);
    if (++arrived < CUSTOMERS) simulator.schedule(gaps[arrived] as number, arrive);
  };
  simulator.schedule(gaps[0] as number, arrive);
  const seconds = timeRun(simulator);
  console.log(`logical_events/s=${(2 * CUSTOMERS) / seconds} mean_wait=${(waited / CUSTOMERS).toFixed(9)}`);
}

/** A simulator with `size` pending events, each of which calls `hold`. */
function filled(size: number, hold: (simulator: Simulator, delay: number) => void): Simulator {
  const delays = readDoubles('hold.bin', HOLD_DELAYS);
  const simulator = new Simulator();
  let drawn = 0;
  const handler = (): void => {
    hold(simulator, delays[drawn++ & (HOLD_DELAYS - 1)] as number);
    simulator.schedule(delays[drawn & (HOLD_DELAYS - 1)] as number, handler);
  };
  for (let i = 0; i < size; i++) simulator.schedule(delays[drawn++ & (HOLD_DELAYS - 1)] as number, handler);
  return simulator;
}

function hold(size: number, holds: number): void {
  let left = holds;
  const simulator = filled(size, (running) => {
    if (--left === 0) running.stop();
  });
  console.log(`holds/s=${holds / timeRun(simulator)}`);
}

/** As `hold`, but each event puts off one of `size` timers, as a sender does with its retransmission timer at every ACK. */
function timers(size: number, events: number): void {
  const handles = new Float64Array(size).fill(NO_EVENT);
  const expire = (): void => undefined;
  let left = events;
  let next = 0;
  const simulator = filled(size, (running) => {
    running.cancel(handles[next] as number);
    handles[next] = running.schedule(4, expire);
    next = next + 1 < size ? next + 1 : 0;
    if (--left === 0) running.stop();
  });
  console.log(`holds/s=${events / timeRun(simulator)}`);
}

/** What `size` pending events take, when all are just scheduled and after each was executed three times over. */
function memory(size: number): void {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (!collect) throw new Error('memory needs node --expose-gc');
  const bytes = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  filled(1000, () => undefined).run(Infinity, 100_000);
  const before = bytes();
  const simulator = filled(size, () => undefined);
  const full = bytes() - before;
  simulator.run(Infinity, 3 * size);
  const later = bytes() - before;
  console.log(`scheduled=${(full / size).toFixed(1)} running=${(later / size).toFixed(1)} pending=${simulator.pending}`);
}

const [mode, first = '', second = ''] = process.argv.slice(2);
if (mode === 'mmc') queue(Number(first), Number(second));
else if (mode === 'hold') hold(Number(first), Number(second));
else if (mode === 'timers') timers(Number(first), Number(second));
else if (mode === 'memory') memory(Number(first));
else throw new Error('usage: own mmc LAMBDA SERVERS | hold SIZE HOLDS | timers SIZE EVENTS | memory SIZE');
