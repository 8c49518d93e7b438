/**
 * `npm run bench -- NAME [--rounds N] [--only TEXT]`: runs one benchmark, or its rows with TEXT in their title. Its files go to
 * .cache/bench.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchEngine } from './engine/bench.ts';
import { benchFlood } from './flood.ts';
import { benchGrading } from './grading.ts';
import { benchModels } from './models.ts';

const directory = fileURLToPath(new URL('../../.cache/bench', import.meta.url));
const benches: Readonly<Record<string, (rounds: number, only: string) => boolean | Promise<boolean>>> = {
  engine: (rounds, only) => benchEngine(join(directory, 'engine'), rounds, only),
  // The engine's inputs and peers serve here too.
  flood: (rounds) => benchFlood(directory, rounds),
  grading: benchGrading,
  models: (rounds) => benchModels(join(directory, 'engine'), rounds),
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { rounds: { type: 'string', default: '3' }, only: { type: 'string', default: '' } } });
const bench = benches[positionals[0] ?? ''];
const rounds = Number(values.rounds);
if (!bench || !Number.isInteger(rounds) || rounds < 1) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join('|')} [--rounds N] [--only TEXT], N a whole number from 1`);
  process.exitCode = 2;
} else if (!(await bench(rounds, values.only))) {
  process.exitCode = 1;
}
