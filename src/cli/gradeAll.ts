import { relative, resolve } from 'node:path';
import { loadCatalog } from '../catalog/catalog.ts';
import { gradeAll, type AllGraded } from '../labs/gradeAll.ts';
import { junitXml } from '../labs/junit.ts';
import { HumanError } from '../shared/errors.ts';
import { Stopped, type CommandContext, type CommandResult } from './command.ts';
import { requireWritable, writeOutput } from './outputs.ts';
import { reportText } from './reportText.ts';
import { runnerHost } from './runnerHost.ts';
import { table } from './table.ts';

/** `grade --all [DIR]`: the verdicts that the editor would give, of every exercise with a file in DIR/backend-labs, for a teacher's CI. */
export async function gradeAllCommand(context: CommandContext): Promise<CommandResult> {
  const [dir = '.', ...surplus] = context.positionals;
  if (surplus.length > 0) throw new HumanError(`grade --all takes one folder (found ${context.positionals.join(', ')}).`);
  const root = resolve(dir);
  const { labs, problems } = await loadCatalog(context.labDirs);
  // Without that lab everybody's points would be of fewer than there are.
  if (problems[0]) throw new HumanError(`Nothing was graded: ${problems[0].message}`);
  await Promise.all([context.outputs.json, context.outputs.junit].map(requireWritable));
  const all = await gradeAll(root, labs, runnerHost(), { learner: context.learner, signal: context.signal, onProgress: context.progress });
  await writeOutput(context.outputs.json, () => `${JSON.stringify(all, null, 2)}\n`);
  await writeOutput(context.outputs.junit, () => junitXml(all));
  if (all.exercises.length === 0) throw new HumanError(`There is no exercise to grade below ${resolve(root, 'backend-labs')}: name the folder that holds backend-labs.${unknownText(all)}`);
  const stopped = stoppedBy(all, context.signal);
  const text = context.outputs.junit === '-' ? junitXml(all) : `${allText(all, root)}${stopped ? `${stoppedText(all, stopped)}\n` : ''}`;
  return { code: stopped?.code ?? codeOf(all), json: all, text };
}

/** Null where everything was graded, be it that somebody wanted to stop it at the last moment. */
function stoppedBy({ exercises }: AllGraded, { reason }: AbortSignal): Stopped | null {
  return reason instanceof Stopped && exercises.some(({ verdict }) => verdict === 'cancelled') ? reason : null;
}

function stoppedText({ exercises }: AllGraded, { message }: Stopped): string {
  const graded = exercises.filter(({ verdict }) => verdict !== 'cancelled').length;
  return `${message} ${graded} of the ${exercises.length} exercises that have a file ${graded === 1 ? 'was' : 'were'} graded; the others are "cancelled" in the results.`;
}

/** 1 where some exercise is not passed, 2 where one could not be decided and no other is failed. */
function codeOf({ exercises }: AllGraded): 0 | 1 | 2 {
  if (exercises.some(({ verdict }) => verdict === 'failed')) return 1;
  return exercises.every(({ verdict }) => verdict === 'passed') ? 0 : 2;
}

function allText(all: AllGraded, root: string): string {
  const { exercises, notStarted, points, of } = all;
  const reports = exercises.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'cancelled').map((report) => `${reportText(report, relative(process.cwd(), resolve(root, report.file)))}\n`);
  const rows = [
    ...exercises.map((one) => [`${one.lab}/${one.exercise}`, one.verdict, `${one.points}/${one.of}`, `${(one.durationMs / 1000).toFixed(1)} s`]),
    ...notStarted.map((one) => [`${one.lab}/${one.exercise}`, 'not started', `0/${one.of}`, '']),
  ];
  return `${[...reports, table(['exercise', 'verdict', 'points', 'time'], rows)].join('\n')}\n${points} of ${of} points${unknownText(all)}\n`;
}

function unknownText({ unknownFiles }: AllGraded): string {
  return unknownFiles.length === 0 ? '' : `\nOf no exercise: ${unknownFiles.join(', ')}. Was a name changed?`;
}
