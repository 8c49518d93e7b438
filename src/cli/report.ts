import type { Stats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { classCsv } from '../labs/classCsv.ts';
import { classHtml } from '../labs/classHtml.ts';
import { classTable, type ClassRow, type ClassTable } from '../labs/classTable.ts';
import { HumanError, messageOf } from '../shared/errors.ts';
import { parseLearnerResult, type LearnerResult } from '../shared/learnerResult.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { requireWritable, writeOutput } from './outputs.ts';
import { printable } from './printable.ts';
import { table } from './table.ts';

/** `report RESULTS…`: one table of a class from many results of `grade --all --json`. */
export async function reportCommand({ positionals, outputs }: CommandContext): Promise<CommandResult> {
  const files = [...new Set((await Promise.all(positionals.map(resultFiles))).flat())];
  if (files.length === 0 && positionals.length > 0) throw new HumanError(`There is no result in ${positionals.join(', ')}: a result is a .json file of "backend-labs grade --all --json FILE.json".`);
  if (files.length === 0) throw new HumanError('report takes results of "backend-labs grade --all --json FILE.json", or folders of them.');
  await Promise.all([outputs.html, outputs.csv].map(requireWritable));
  const results = await Promise.all(files.map(readResult));
  const names = namesOf(files);
  const classes = classTable(results.map((result, i) => ({ learner: result.learner ?? (names[i] as string), result })));
  await writeOutput(outputs.html, () => classHtml(classes));
  await writeOutput(outputs.csv, () => classCsv(classes));
  const text = outputs.html === '-' ? classHtml(classes) : outputs.csv === '-' ? classCsv(classes) : classText(classes);
  return { code: 0, json: classes, text };
}

async function resultFiles(path: string): Promise<string[]> {
  if (!(await found(path)).isDirectory()) return [resolve(path)];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name.endsWith('.json')).map((entry) => resolve(entry.parentPath, entry.name)).sort();
}

/** A file or a folder; never a pipe or a device, which might have no end. */
async function found(path: string): Promise<Stats> {
  const stats = await stat(path).catch((error: unknown) => {
    throw new HumanError(`The result ${path} cannot be read: ${messageOf(error)}.`);
  });
  if (!stats.isFile() && !stats.isDirectory()) throw new HumanError(`${path} is neither a file nor a folder.`);
  return stats;
}

/** Far more than the results of all labs take. */
const LONGEST_BYTES = 32 * 1024 ** 2;

async function readResult(file: string): Promise<LearnerResult> {
  const { size } = await found(file);
  if (size > LONGEST_BYTES) throw new HumanError(`${file} has ${Math.round(size / 2 ** 20)} MiB, which no result of "backend-labs grade --all" has.`);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new HumanError(`The result ${file} cannot be read: ${messageOf(error)}.`);
  });
  try {
    return parseLearnerResult(JSON.parse(text.replace(/^\ufeff/, '')), file);
  } catch (error) {
    if (error instanceof HumanError) throw error;
    throw new HumanError(`${file} is ${error instanceof SyntaxError ? 'not JSON' : 'no result'}: ${messageOf(error).replace(/\.$/, '')}. report takes what "backend-labs grade --all --json FILE.json" wrote.`);
  }
}

/** Where a result does not say whose it is, its file does: by its own name where these differ, else by its folder's. */
function namesOf(files: readonly string[]): string[] {
  const own = files.map((file) => basename(file, '.json'));
  if (new Set(own).size === own.length) return own;
  const folders = files.map((file) => basename(dirname(file)));
  return new Set(folders).size === folders.length ? folders : files.map((file) => relative(process.cwd(), file));
}

/** What a terminal shows of a line. */
const WIDEST = 120;

/** A column an exercise; a column a lab where those would not fit a terminal. */
function classText({ exercises, rows, of }: ClassTable): string {
  const labs = [...new Set(exercises.map(({ lab }) => lab))];
  const numbers = labs.map((lab) => lab.split('-')[0] as string);
  const labHeads = new Set(numbers).size === labs.length ? numbers : labs;
  const text = (heads: readonly string[], cellsOf: (row: ClassRow) => string[]): string =>
    table(['learner', 'points', ...heads.map((head) => printable(head))], rows.map((row) => [printable(row.learner), `${row.points}/${of}`, ...cellsOf(row)]));
  const byExercise = text(exercises.map(({ lab, exercise }) => `${lab}/${exercise}`), ({ cells }) => cells.map((cell) => cellsText([cell])));
  if (byExercise.split('\n').every(({ length }) => length <= WIDEST)) return `${byExercise}\n`;
  const byLab = text(labHeads, ({ cells }) => labs.map((lab) => cellsText(cells.filter((_, i) => exercises[i]?.lab === lab))));
  return `${byLab}\nPoints by lab, ✓ where all of its exercises are passed; by exercise with --html FILE.html or --csv FILE.csv.\n`;
}

function cellsText(cells: ClassRow['cells']): string {
  if (cells.every((cell) => cell === null)) return '–';
  const points = cells.reduce((sum, cell) => sum + (cell?.points ?? 0), 0);
  return `${points}${cells.every((cell) => cell?.verdict === 'passed') ? ' ✓' : ''}`;
}
