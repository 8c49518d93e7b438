import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalog, type LabFolder } from '../catalog/catalog.ts';
import type { RunnerHost } from '../runtime/runnerHost.ts';
import { HumanError } from '../shared/errors.ts';
import type { CommandContext } from './command.ts';

/** The runner that lies beside the command line, on the Node that runs the command line. */
export function runnerHost(): RunnerHost {
  const runnerPath = join(__dirname, 'runner.cjs');
  if (!existsSync(runnerPath)) throw new HumanError(`${runnerPath} is missing: run "npm run build" first.`);
  return { execPath: process.execPath, runnerPath };
}

/** The lab of that id, or of that number. Throws a HumanError that lists those there are. */
export async function findLab(context: CommandContext, id: string | undefined): Promise<LabFolder> {
  const { labs, problems } = await loadCatalog(context.labDirs);
  const found = labs.find(({ lab }) => lab.id === id || lab.id.split('-')[0] === id);
  if (found) return found;
  const broken = problems.find(({ folder }) => id !== undefined && folder.endsWith(id));
  if (broken) throw new HumanError(`The lab ${id} is broken: ${broken.message}`);
  const known = labs.map(({ lab }) => lab.id).join(', ');
  if (!id) throw new HumanError(`Which lab? Name one of ${known}.`);
  const owner = labs.find(({ lab }) => lab.exercises.includes(id));
  if (owner) throw new HumanError(`"${id}" is an exercise of a lab: name both, ${owner.lab.id}/${id}.`);
  const perhaps = problems.map(({ message }) => ` ${message}`).join('');
  throw new HumanError(`There is no lab "${id}": it is one of ${known}.${perhaps}`);
}
