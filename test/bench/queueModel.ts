/** The queue model with its full statistics on the numbers of the bench, run in their folder: `queue-model LAMBDA SERVERS`. */
import { parseQueueScenario } from '../../src/shared/scenario/queue.ts';
import { runQueue } from '../../src/sim/queue/simulate.ts';
import { CUSTOMERS, readDoubles } from './engine/inputs.ts';

const [lambda = NaN, servers = NaN] = process.argv.slice(2).map(Number);
const input = readDoubles('input.bin', 2 * CUSTOMERS);
const scenario = parseQueueScenario({
  kind: 'queue',
  servers,
  arrival: { dist: 'exponential', rate: lambda },
  service: { dist: 'exponential', mean: 1 },
  customers: CUSTOMERS,
});
let arrived = 0;
let served = CUSTOMERS;
const nextGap = (): number => (input[arrived++] as number) / lambda;
const nextService = (): number => input[served++] as number;

const startNs = process.hrtime.bigint();
const startCpu = process.cpuUsage();
const { output } = runQueue(scenario, nextGap, nextService);
const cpu = process.cpuUsage(startCpu);
const seconds = Number(process.hrtime.bigint() - startNs) / 1e9;
console.log(`logical_events/s=${output.events / seconds} mean_wait=${output.mean_wait?.toFixed(12)} cpu_s=${(cpu.user + cpu.system) / 1e6}`);
