import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { classCsv } from '../labs/classCsv.ts';
import { classHtml } from '../labs/classHtml.ts';
import { classTable, type ClassTable } from '../labs/classTable.ts';
import { HumanError, messageOf } from '../shared/errors.ts';
import { parseLearnerResult, type LearnerResult } from '../shared/learnerResult.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { writeOutput } from './outputs.ts';
import { table } from './table.ts';

/** `report RESULTS…`: one table of a class from many results of `grade --all --json`. */
export async function reportCommand({ positionals, outputs }: CommandContext): Promise<CommandResult> {
  const files = [...new Set((await Promise.all(positionals.map(resultFiles))).flat())];
  if (files.length === 0) throw new HumanError('report takes results of "backend-labs grade --all --json FILE.json", or folders of them.');
  const results = await Promise.all(files.map(readResult));
  const names = namesOf(files);
  const found = classTable(results.map((result, i) => ({ learner: result.learner ?? (names[i] as string), result })));
  await writeOutput(outputs.html, () => classHtml(found));
  await writeOutput(outputs.csv, () => classCsv(found));
  const text = outputs.html === '-' ? classHtml(found) : outputs.csv === '-' ? classCsv(found) : classText(found);
  return { code: 0, json: found, text };
}

async function resultFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw new HumanError(`The result ${path} cannot be read: ${messageOf(error)}.`);
  });
  if (!found.isDirectory()) return [resolve(path)];
  const names = await readdir(path, { recursive: true });
  return names.filter((name) => name.endsWith('.json')).sort().map((name) => resolve(path, name));
}

async function readResult(file: string): Promise<LearnerResult> {
  const text = await readFile(file, 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new HumanError(`${file} is not JSON: ${messageOf(error)}`);
  }
  return parseLearnerResult(value, file);
}

/** Where a result does not say whose it is, its file does: by its own name where these differ, else by its folder's. */
function namesOf(files: readonly string[]): string[] {
  const own = files.map((file) => basename(file, '.json'));
  if (new Set(own).size === own.length) return own;
  const folders = files.map((file) => basename(dirname(file)));
  return new Set(folders).size === folders.length ? folders : files.map((file) => relative(process.cwd(), file));
}

function classText({ exercises, rows, of }: ClassTable): string {
  const head = ['learner', 'points', ...exercises.map(({ lab, exercise }) => join(lab, exercise))];
  const lines = rows.map(({ learner, points, cells }) => [printable(learner), `${points}/${of}`, ...cells.map((cell) => (cell ? `${cell.points}${cell.verdict === 'passed' ? ' ✓' : ''}` : '–'))]);
  return `${table(head, lines)}\n`;
}

/** A name from a file must not steer the terminal. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what steers it
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}
