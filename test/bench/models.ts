import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { prepareEngines, type Engine } from './engine/engines.ts';
import { CUSTOMERS, exactMeanWait, writeInputs } from './engine/inputs.ts';

const here = dirname(fileURLToPath(import.meta.url));
const MOST_SECONDS = 1;
const queues = [
  { title: 'M/M/1, load 0.9', lambda: 0.9, servers: 1 },
  { title: 'M/M/4, load 0.9', lambda: 3.6, servers: 4 },
] as const;

/** One program's figures on one queue. */
interface Timing {
  /** Wall-clock seconds of the simulation alone, scaled to a million customers. */
  readonly seconds: number;
  readonly meanWait: number;
  /** Of our own model: CPU seconds, statistics included, and what it says of the mean wait's precision. */
  readonly cpuSeconds: number | undefined;
}

/**
 * The queue model with its full statistics (exact percentiles, averages over time, confidence interval, trace) beside SimPy, simjs
 * and simscript, which only sum up the waits, all on the numbers in `directory`, one straight after another in each round. Prints
 * the median of the rounds; false where a mean wait is wrong or a million customers take the model 1 s of CPU time or more.
 */
export function benchModels(directory: string, rounds: number): boolean {
  writeInputs(directory);
  const { found, missing } = prepareEngines(directory);
  const peers = found.filter(({ name }) => !name.startsWith('ns-3'));
  console.log(`node ${process.version}, ${rounds} rounds, load ${loadavg()[0]?.toFixed(2)}; seconds for 1 000 000 customers`);
  for (const note of missing) if (!note.startsWith('ns-3')) console.log(note);
  const verdicts = queues.map((queue) => benchQueue(directory, [ownModel(directory), ...peers], rounds, queue));
  return verdicts.every(Boolean);
}

function benchQueue(directory: string, engines: readonly Engine[], rounds: number, queue: (typeof queues)[number]): boolean {
  const timings = engines.map((): Timing[] => []);
  for (let round = 0; round < rounds; round++) {
    engines.forEach((engine, i) => timings[i]?.push(time(directory, engine, queue)));
  }
  console.log(`\n${queue.title}`);
  const own = median(timings[0]?.map(({ seconds }) => seconds) ?? []);
  let right = true;
  engines.forEach((engine, i) => {
    const rows = timings[i] ?? [];
    const seconds = median(rows.map((row) => row.seconds));
    const exact = exactMeanWait(directory, queue.lambda, queue.servers, engine.customers);
    const equal = rows.every(({ meanWait }) => Math.abs(meanWait / exact - 1) < 1e-8);
    const cpu = rows.map(({ cpuSeconds }) => cpuSeconds).filter((value) => value !== undefined);
    const within = cpu.length === 0 || Math.min(...cpu) < MOST_SECONDS;
    right &&= equal && within;
    const columns = [engine.name.padEnd(14), `${seconds.toFixed(2)} s`.padStart(9), `${(seconds / own).toFixed(1)} x the model's time`.padEnd(24)];
    columns.push(equal ? 'mean wait exact' : `mean wait WRONG, exact is ${exact}`);
    if (cpu.length > 0) columns.push(`CPU ${cpu.map((value) => value.toFixed(2)).join(', ')} s, ${within ? 'under' : 'NOT under'} ${MOST_SECONDS} s`);
    console.log(`  ${columns.join(' ')}`);
  });
  return right;
}

/** The model as a program of its own, so that it starts as cold as its peers do. */
function ownModel(directory: string): Engine {
  const program = join(directory, 'queue-model.mjs');
  buildSync({ entryPoints: [join(here, 'queueModel.ts')], bundle: true, platform: 'node', format: 'esm', outfile: program, logLevel: 'error' });
  return {
    name: 'backend-labs',
    customers: CUSTOMERS,
    command: (row) => (row.kind === 'queue' ? [process.execPath, program, String(row.lambda), String(row.servers)] : undefined),
  };
}

function time(directory: string, engine: Engine, queue: (typeof queues)[number]): Timing {
  const [file = '', ...args] = engine.command({ kind: 'queue', ...queue }) ?? [];
  const output = execFileSync(file, args, { cwd: directory, encoding: 'utf8', timeout: 300_000 });
  const figure = (name: string): number | undefined => {
    const match = new RegExp(`(?:^|\\s)${name}=([0-9.e+]+)`).exec(output);
    return match ? Number(match[1]) : undefined;
  };
  const eventsPerSecond = figure('logical_events/s');
  const meanWait = figure('mean_wait');
  if (eventsPerSecond === undefined || meanWait === undefined) throw new Error(`${engine.name} printed no figures: ${output}`);
  return { seconds: (2 * CUSTOMERS) / eventsPerSecond, meanWait, cpuSeconds: figure('cpu_s') };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}
