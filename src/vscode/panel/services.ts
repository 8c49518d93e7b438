import * as vscode from 'vscode';
import type { Exercises } from '../exercises.ts';
import type { Grader } from '../grader.ts';
import { COMMANDS } from '../ids.ts';
import type { LabStore } from '../labStore.ts';
import type { ProgressStore } from '../progressStore.ts';
import type { Reporter } from '../reporter.ts';
import type { Runs } from '../runs.ts';
import type { Servers } from '../servers.ts';
import type { PanelServices } from './panelServices.ts';

interface Services {
  readonly reporter: Reporter;
  readonly labs: LabStore;
  readonly progress: ProgressStore;
  readonly grader: Grader;
  readonly runs: Runs;
  readonly servers: Servers;
  readonly exercises: Exercises;
}

/** The panel's services, made of the extension's. */
export function panelServices(core: Services): PanelServices {
  const { reporter } = core;
  let titles: ReadonlyMap<string, string> = new Map();
  const readTitles = async (): Promise<void> => {
    const { labs } = await core.labs.catalog();
    titles = new Map(labs.map(({ lab }) => [lab.id, lab.title]));
  };
  void readTitles();
  return {
    progress: core.progress,
    trusted: () => vscode.workspace.isTrusted,
    machine: () => core.runs.machine,
    titleOf: (lab) => titles.get(lab),
    run: (lab) => core.runs.view(lab),
    recall: async (folder) => {
      await Promise.all([core.runs.recall(folder), core.grader.recall(folder)]);
    },
    server: (lab) => core.servers.view(lab),
    isGrading: (exercise) => core.grader.isGrading(exercise),
    report: (exercise) => core.grader.report(exercise) ?? null,
    sentence: (error, doing) => reporter.sentence(error, doing),
    actions: {
      startRun: (folder, values) => begun(core.runs.run(folder, values), (error) => reporter.show(error, 'Run for Real')),
      cancelRun: (lab) => core.runs.cancel(lab),
      startServer: (folder, values) => core.servers.start(folder, values),
      stopServer: (lab) => core.servers.stop(lab),
      copyText: async (text) => vscode.env.clipboard.writeText(text),
      typeInTerminal,
      openExercise: async (exercise) => {
        await core.exercises.start(exercise);
      },
      startGrading: (exercise) => begun(core.grader.grade(exercise, { by: 'command' }), (error) => reporter.show(error, 'Grading')),
      cancelGrading: (exercise) => core.grader.cancel(exercise),
      nextHint: async (exercise) => {
        await core.exercises.nextHint(exercise);
      },
      openSolution: (exercise) => core.exercises.openSolution(exercise),
      openReadme: async ({ readmePath }) => {
        await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.file(readmePath));
      },
      startLab: async (lab) => {
        await vscode.commands.executeCommand(COMMANDS.openLab, { lab });
      },
      showLog: () => void vscode.commands.executeCommand(COMMANDS.showLog),
    },
  };
}

/** How long something may take to say that it cannot begin, in milliseconds; what it says later is shown as a message. */
const BEGIN_MS = 250;

/** Resolves when `work` has begun, not when it ends; rejects with what kept it from beginning. */
async function begun(work: Promise<unknown>, later: (error: unknown) => void): Promise<void> {
  let waiting = true;
  const failing = work.then(
    () => undefined,
    (error: unknown) => {
      if (waiting) throw error;
      later(error);
    },
  );
  let timer: NodeJS.Timeout | undefined;
  const time = new Promise<void>((resolve) => (timer = setTimeout(resolve, BEGIN_MS)));
  await Promise.race([failing, time]).finally(() => {
    waiting = false;
    clearTimeout(timer);
  });
}

/** Types without pressing Enter: the learner reads it first. */
function typeInTerminal(command: string): void {
  const name = 'Backend Labs';
  const terminal = vscode.window.terminals.find((one) => one.name === name && one.exitStatus === undefined) ?? vscode.window.createTerminal({ name });
  terminal.show();
  terminal.sendText(command, false);
}
