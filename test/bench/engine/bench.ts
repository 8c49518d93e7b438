import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { prepareEngines, type Engine } from './engines.ts';
import { exactMeanWait, writeInputs } from './inputs.ts';
import { rows, type Row } from './rows.ts';

/** What is aimed at: how many times faster than each peer, of ns-3 the fastest scheduler in each round. */
const aims = [
  { peer: 'ns-3', times: 1.2 },
  { peer: 'simjs', times: 5 },
  { peer: 'SimPy', times: 20 },
] as const;
const MOST_BYTES = 64;

/** One engine's figures on one row, a round each. */
interface Measured {
  readonly engine: Engine;
  readonly perSecond: number[];
  meanWait?: number;
}

/**
 * Runs every engine on every row, or on those with `only` in their title, `rounds` times over. In a round they run one straight
 * after another, so that a ratio is of figures taken in the same minute; seconds are those in which the simulating thread had a
 * processor. Prints a table per row, of each engine's best round, which other work on the machine slowed least, and a summary.
 * False where a mean wait is wrong or memory is over its limit.
 */
export function benchEngine(directory: string, rounds: number, only = ''): boolean {
  writeInputs(directory);
  const { own, found, missing } = prepareEngines(directory);
  console.log(`node ${process.version}, ${rounds} rounds, load ${loadavg()[0]?.toFixed(2)}`);
  for (const note of missing) console.log(note);
  let right = true;
  const summary: string[] = [];
  for (const row of rows.filter(({ title }) => title.includes(only))) {
    const measured = measure(directory, row, [own, ...found], rounds);
    right = printRow(directory, row, measured) && right;
    summary.push(summarise(row, measured));
  }
  console.log(`\nTimes as fast as, best rounds [lowest-highest round] (aim): ${aims.map(({ peer, times }) => `${peer} (${times})`).join(', ')}`);
  for (const line of summary) console.log(line);
  const timers = run(directory, [process.execPath, join(directory, 'own.cjs'), 'timers', '10000', '2000000']);
  console.log(`\nEvents that each put off a timer, 10 000 of each pending: ${thousands(figure(timers, 'holds/s'))} /s`);
  return printMemory(directory) && right;
}

function measure(directory: string, row: Row, engines: readonly Engine[], rounds: number): Measured[] {
  const measured = engines.map((engine): Measured => ({ engine, perSecond: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const one of measured) {
      const command = one.engine.command(row);
      if (!command) continue;
      const output = run(directory, command);
      one.perSecond.push(figure(output, row.kind === 'queue' ? 'logical_events/s' : 'holds/s'));
      if (row.kind === 'queue') one.meanWait = figure(output, 'mean_wait');
    }
  }
  return measured;
}

function run(directory: string, command: readonly string[]): string {
  const [file = '', ...args] = command;
  return execFileSync(file, args, { cwd: directory, encoding: 'utf8', timeout: 300_000 });
}

function figure(output: string, name: string): number {
  const match = new RegExp(`(?:^|\\s)${name}=([0-9.e+]+)`).exec(output);
  if (!match) throw new Error(`no ${name} in: ${output}`);
  return Number(match[1]);
}

function printRow(directory: string, row: Row, measured: readonly Measured[]): boolean {
  console.log(`\n${row.title}`);
  let right = true;
  for (const one of measured) {
    const columns = [one.engine.name.padEnd(20)];
    if (one.perSecond.length === 0) columns.push('left out: it scans all pending events for every event');
    else columns.push(`${thousands(Math.max(...one.perSecond))} /s`.padStart(16), `${ratio(measured, [one]).toFixed(2)} x`.padStart(10));
    if (row.kind === 'queue' && one.meanWait !== undefined) {
      const exact = exactMeanWait(directory, row.lambda, row.servers, one.engine.customers);
      const equal = one.meanWait.toPrecision(9) === Number(exact.toFixed(9)).toPrecision(9);
      right &&= equal;
      columns.push(`mean wait ${one.meanWait.toFixed(9)} ${equal ? 'exact' : `WRONG, exact is ${exact.toFixed(9)}`}`);
    }
    console.log(`  ${columns.join(' ')}`);
  }
  return right;
}

/** How many times as fast as the fastest of the peers our own engine, the first, is, each in its best round. */
function ratio(measured: readonly Measured[], fastestOf: readonly Measured[]): number {
  return Math.max(...(measured[0]?.perSecond ?? [])) / Math.max(...fastestOf.flatMap((peer) => peer.perSecond));
}

/** The lowest and the highest of the rounds' own ratios: how far the machine's other work moves them. */
function spread(measured: readonly Measured[], fastestOf: readonly Measured[]): string {
  const own = measured[0]?.perSecond ?? [];
  const ratios = own.map((perSecond, round) => perSecond / Math.max(...fastestOf.map((peer) => peer.perSecond[round] ?? NaN)));
  return `${Math.min(...ratios).toFixed(1)}-${Math.max(...ratios).toFixed(1)}`;
}

function summarise(row: Row, measured: readonly Measured[]): string {
  const parts = aims.map(({ peer, times }) => {
    const peers = measured.filter(({ engine, perSecond }) => engine.name.startsWith(peer) && perSecond.length > 0);
    if (peers.length === 0) return `${peer} -`.padEnd(28);
    const reached = ratio(measured, peers);
    return `${peer} ${reached.toFixed(2)} [${spread(measured, peers)}]${reached < times ? ' below' : ''}`.padEnd(28);
  });
  return `  ${row.title.padEnd(28)} ${parts.join(' ')}`;
}

function printMemory(directory: string): boolean {
  const output = run(directory, [process.execPath, '--expose-gc', join(directory, 'own.cjs'), 'memory', '1000000']);
  const scheduled = figure(output, 'scheduled');
  const running = figure(output, 'running');
  const within = Math.max(scheduled, running) < MOST_BYTES;
  const verdict = within ? `under ${MOST_BYTES}` : `NOT under ${MOST_BYTES}`;
  console.log(`Memory per pending event, 1 000 000 of them: ${scheduled} bytes scheduled, ${running} bytes after 3 000 000 events; ${verdict}`);
  return within;
}

function thousands(value: number): string {
  return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ' ');
}
