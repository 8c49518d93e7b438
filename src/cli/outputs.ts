import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HumanError, messageOf } from '../shared/errors.ts';
import type { CommandContext } from './command.ts';

type Form = keyof CommandContext['outputs'];

/** What tells a file for this form from a positional argument that happens to follow. */
const FILE_OF: Readonly<Record<Form, RegExp>> = { json: /\.json$/, junit: /[^-]/, html: /\.html?$/, csv: /\.csv$/ };

/**
 * Takes the options that name a form of the result out of a command line. Their file is optional, which no option parser
 * has: `--csv` prints, `--csv class.csv` and `--csv=class.csv` write. `--json` takes a file only beside `--all`, since
 * other commands have files of JSON as their arguments.
 */
export function splitOutputs(args: readonly string[]): { rest: string[]; outputs: CommandContext['outputs'] } {
  const outputs: Record<Form, string | null> = { json: null, junit: null, html: null, csv: null };
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    const match = /^--(json|junit|html|csv)(?:=(.*))?$/.exec(arg);
    if (!match) {
      rest.push(arg);
      continue;
    }
    const form = match[1] as Form;
    const next = args[i + 1];
    const takesFile = form !== 'json' || args.includes('--all');
    if (match[2] !== undefined) outputs[form] = match[2];
    else if (takesFile && next !== undefined && !next.startsWith('--') && FILE_OF[form].test(next)) outputs[form] = args[++i] as string;
    else outputs[form] = '-';
  }
  return { rest, outputs };
}

/** Finds out before the work that its result has a place to go to. */
export async function requireWritable(file: string | null): Promise<void> {
  if (file === null || file === '-') return;
  const folder = dirname(file);
  const [found, foundFolder] = await Promise.all([file, folder].map((path) => stat(path).catch(() => null)));
  if (found?.isDirectory()) throw new HumanError(`${file} cannot be written: it is a folder. Name a file in it.`);
  if (!foundFolder) throw new HumanError(`${file} cannot be written: there is no folder ${folder}. Make it, or name another place.`);
  if (!foundFolder.isDirectory()) throw new HumanError(`${file} cannot be written: ${folder} is no folder. Name another place.`);
  await access(found ? file : folder, constants.W_OK).catch((error: unknown) => {
    throw new HumanError(`${file} cannot be written: ${messageOf(error)}. Name another place.`);
  });
}

/** Writes one form of a result to its file, where one was named. */
export async function writeOutput(file: string | null, text: () => string): Promise<void> {
  if (file === null || file === '-') return;
  await writeFile(file, text()).catch((error: unknown) => {
    throw new HumanError(`${file} cannot be written: ${messageOf(error)}. Name another place.`);
  });
}
