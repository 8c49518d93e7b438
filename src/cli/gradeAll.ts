import { relative, resolve } from 'node:path';
import { loadCatalog } from '../catalog/catalog.ts';
import { gradeAll, type AllGraded } from '../labs/gradeAll.ts';
import { junitXml } from '../labs/junit.ts';
import { HumanError } from '../shared/errors.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { requireFolder, writeOutput } from './outputs.ts';
import { reportText } from './reportText.ts';
import { runnerHost } from './runnerHost.ts';
import { table } from './table.ts';

/** `grade --all [DIR]`: the verdicts that the editor would give, of every exercise with a file in DIR/backend-labs, for a teacher's CI. */
export async function gradeAllCommand(context: CommandContext): Promise<CommandResult> {
  const [dir = '.', ...surplus] = context.positionals;
  if (surplus.length > 0) throw new HumanError(`grade --all takes one folder (found ${context.positionals.join(', ')}).`);
  const root = resolve(dir);
  const { labs } = await loadCatalog(context.labDirs);
  await Promise.all([context.outputs.json, context.outputs.junit].map(requireFolder));
  const all = await gradeAll(root, labs, runnerHost(), { learner: context.learner, signal: context.signal, onProgress: context.progress });
  await writeOutput(context.outputs.json, () => `${JSON.stringify(all, null, 2)}\n`);
  await writeOutput(context.outputs.junit, () => junitXml(all));
  if (all.exercises.length === 0) throw new HumanError(`There is no exercise to grade below ${resolve(root, 'backend-labs')}: name the folder that holds backend-labs.${unknownText(all)}`);
  const text = context.outputs.junit === '-' ? junitXml(all) : allText(all, root);
  return { code: codeOf(all), json: all, text };
}

/** 1 where some exercise is not passed, 2 where one could not be decided and no other is failed. */
function codeOf({ exercises }: AllGraded): 0 | 1 | 2 {
  if (exercises.some(({ verdict }) => verdict === 'failed')) return 1;
  return exercises.every(({ verdict }) => verdict === 'passed') ? 0 : 2;
}

function allText(all: AllGraded, root: string): string {
  const { exercises, notStarted, points, of } = all;
  const reports = exercises.filter(({ verdict }) => verdict !== 'passed').map((report) => `${reportText(report, relative(process.cwd(), resolve(root, report.file)))}\n`);
  const rows = [
    ...exercises.map((one) => [`${one.lab}/${one.exercise}`, one.verdict, `${one.points}/${one.of}`, `${(one.durationMs / 1000).toFixed(1)} s`]),
    ...notStarted.map((one) => [`${one.lab}/${one.exercise}`, 'not started', `0/${one.of}`, '']),
  ];
  return `${[...reports, table(['exercise', 'verdict', 'points', 'time'], rows)].join('\n')}\n${points} of ${of} points${unknownText(all)}\n`;
}

function unknownText({ unknownFiles }: AllGraded): string {
  return unknownFiles.length === 0 ? '' : `\nOf no exercise: ${unknownFiles.join(', ')}. Was a name changed?`;
}
