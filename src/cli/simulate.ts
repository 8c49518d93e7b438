import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { simulateScenario } from '../labs/simulateScenario.ts';
import { HumanError, messageOf } from '../shared/errors.ts';
import type { CommandContext, CommandResult } from './command.ts';

/** `simulate FILE`: one scenario in, one JSON object out. */
export async function simulateCommand({ positionals }: CommandContext): Promise<CommandResult> {
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new HumanError('simulate takes one scenario file: backend-labs simulate FILE.');
  const { output } = simulateScenario(await readScenario(file), { trace: false });
  return { code: 0, json: output, text: `${JSON.stringify(output, null, 2)}\n` };
}

async function readScenario(file: string): Promise<unknown> {
  let text: string;
  try {
    text = file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw new HumanError(`The scenario file ${file} cannot be read: ${messageOf(error)}.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HumanError(`${file} is not JSON: ${messageOf(error)}.`);
  }
}
