/** `npm run bench -- NAME [--rounds N]`: runs one benchmark; its files go to .cache/bench. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchEngine } from './engine/bench.ts';
import { benchModels } from './models.ts';

const directory = fileURLToPath(new URL('../../.cache/bench', import.meta.url));
const benches: Readonly<Record<string, (rounds: number) => boolean>> = {
  engine: (rounds) => benchEngine(join(directory, 'engine'), rounds),
  // The engine's inputs and peers serve here too.
  models: (rounds) => benchModels(join(directory, 'engine'), rounds),
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { rounds: { type: 'string', default: '3' } } });
const bench = benches[positionals[0] ?? ''];
const rounds = Number(values.rounds);
if (!bench || !Number.isInteger(rounds) || rounds < 1) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join('|')} [--rounds N], N a whole number from 1`);
  process.exitCode = 2;
} else if (!bench(rounds)) {
  process.exitCode = 1;
}
