// `npm run soak`: what needs many repeats. Each test/soak/*.soak.ts is a program whose last line is JSON and which ends with 0 when
// what it shows holds. What they said is written to test/soak/last.json, with the date. Arguments name the ones to run.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capture, must } from '../host/command.mjs';
import { fail, HumanError, say, seconds } from '../host/console.mjs';
import { ensurePackages } from '../host/install.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'test/soak');
const record = join(folder, 'last.json');

/** Runs one program and gives what it found. */
async function run(name) {
  const start = process.hrtime.bigint();
  const { code, output } = await capture(process.execPath, ['--import', 'tsx', join(folder, `${name}.soak.ts`)], { cwd: root });
  const passed = code === 0;
  say(`${passed ? 'ok  ' : 'FAIL'} ${name}  (${seconds(start)})`);
  if (!passed) say(output);
  return { date: new Date().toISOString().slice(0, 10), passed, took: seconds(start), found: lastLine(output) };
}

function lastLine(output) {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

async function main() {
  await ensurePackages();
  const all = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.soak.ts')).map((file) => file.slice(0, -'.soak.ts'.length)) : [];
  const names = process.argv.length > 2 ? process.argv.slice(2) : all;
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0 || all.length === 0) throw new HumanError(`There is no soak called ${unknown.join(' or ')}: there are ${all.join(', ') || 'none'}.`);
  await must(process.execPath, ['esbuild.mjs'], { cwd: root });
  const { results = {} } = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : {};
  for (const name of names) {
    results[name] = await run(name);
    const machine = { node: process.version, kernel: `${process.platform} ${release()}`, cores: cpus().length };
    writeFileSync(record, `${JSON.stringify({ date: results[name].date, machine, results }, null, 2)}\n`);
  }
  process.exitCode = names.every((name) => results[name].passed) ? 0 : 1;
}

await main().catch(fail);
