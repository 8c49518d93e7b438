import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { LabFolder } from '../catalog/catalog.ts';
import { labProgress, withLab } from '../labs/progress.ts';
import { sliderValues } from '../labs/simulateLab.ts';
import { simulateScenario } from '../labs/simulateScenario.ts';
import { HumanError } from '../shared/errors.ts';
import { STEPS, type Step } from '../shared/protocol.ts';
import type { Core } from './core.ts';
import { COMMANDS, type CommandId } from './ids.ts';
import { chooseLearnerRoot } from './learnerFolder.ts';
import { isRunLocked } from './panel/snapshot.ts';
import { exportProgress, forgetProgress, importProgress } from './progressFile.ts';
import { parseScenarioText } from './scenarioText.ts';
import { asTarget } from './targets.ts';
import { simulationUri } from './virtualDocuments.ts';
import { xrayProcess } from './xray/xrayCommand.ts';

export type Handlers = Readonly<Record<CommandId, (argument: unknown) => unknown>>;

/** What each command does. An argument is a lab's or exercise's ids, as a tree item or CodeLens passes them, or a file. */
export function handlersOf(core: Core): Handlers {
  const { targets, exercises } = core;
  return {
    [COMMANDS.startLab]: async (argument) => openLab(core, await targets.lab(argument)),
    [COMMANDS.openLab]: async (argument) => openLab(core, await targets.lab(argument), stepOf(argument)),
    [COMMANDS.openQuiz]: async (argument) => openLab(core, await targets.lab(argument), 'check'),
    [COMMANDS.openReadme]: async (argument) => {
      await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.file((await targets.lab(argument)).readmePath));
    },
    [COMMANDS.runForReal]: async (argument) => runForReal(core, await targets.lab(argument)),
    [COMMANDS.startServer]: async (argument) => {
      const folder = await targets.lab(argument);
      await core.servers.start(folder, sliderValues(folder.lab, labProgress(core.progress.current, folder.lab.id).values));
      await openLab(core, folder, 'run');
    },
    [COMMANDS.stopServer]: (argument) => {
      const { lab } = asTarget(argument);
      return lab === undefined ? core.servers.stopAll() : core.servers.stop(lab);
    },
    [COMMANDS.startExercise]: async (argument) => {
      await exercises.start(await targets.exercise(argument));
    },
    [COMMANDS.resetExercise]: async (argument) => exercises.reset(await targets.exercise(argument)),
    [COMMANDS.grade]: async (argument) => (await core.grader.grade(await targets.exercise(argument), { by: 'command' })).report,
    [COMMANDS.nextHint]: async (argument) => exercises.showNextHint(await targets.exercise(argument)),
    [COMMANDS.openSolution]: async (argument) => exercises.openSolution(await targets.exercise(argument)),
    [COMMANDS.cancel]: () => core.activity.cancelAll(),
    [COMMANDS.simulateFile]: (argument) => simulateFile(core, argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri),
    [COMMANDS.xray]: (argument) => xrayProcess(core.xrayPanels, argument),
    [COMMANDS.chooseLearnerFolder]: () => chooseLearnerRoot(),
    [COMMANDS.exportProgress]: () => exportProgress(core.progress),
    [COMMANDS.importProgress]: () => importProgress(core.progress),
    [COMMANDS.forgetProgress]: async (argument) => forgetProgress(core.progress, await targets.lab(argument)),
    [COMMANDS.refreshLabs]: () => core.labs.refresh(),
    [COMMANDS.showLog]: () => core.reporter.log.show(),
  };
}

/** Opens a lab's panel at `step`, else where the learner left it. */
async function openLab(core: Core, { lab }: LabFolder, step?: Step): Promise<void> {
  const folder = await core.labs.lab(lab.id);
  await core.progress.update((progress) => withLab(progress, lab.id, { labVersion: lab.version, ...(step ? { step } : {}) }));
  core.panels.show(folder);
}

function stepOf(argument: unknown): Step | undefined {
  const step = typeof argument === 'object' && argument !== null ? (argument as { readonly step?: unknown }).step : undefined;
  return STEPS.find((known) => known === step);
}

/** Runs with the values that the panel's sliders have. Without predictions the panel asks for them first. */
async function runForReal(core: Core, folder: LabFolder): Promise<void> {
  const done = labProgress(core.progress.current, folder.lab.id);
  const locked = isRunLocked(folder, done);
  await openLab(core, folder, locked ? 'predict' : 'run');
  if (locked) throw new HumanError('Predict first, or skip the questions: a run tells you more when you have said what you expect.');
  await core.runs.run(folder, sliderValues(folder.lab, done.values));
}

/** Shows what a scenario file comes to: as a read-only document, and as a picture where there is one for it. */
async function simulateFile(core: Core, uri: vscode.Uri | undefined): Promise<void> {
  if (!uri) throw new HumanError('Open a scenario file first: a JSON object with the fields of a scenario.');
  const source = await vscode.workspace.openTextDocument(uri);
  const { trace } = simulateScenario(parseScenarioText(source.getText(), basename(uri.path)));
  const result = simulationUri(uri);
  core.documents.refresh(result);
  await vscode.window.showTextDocument(result, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
  if (core.scenarioPanels.canDraw(trace)) core.scenarioPanels.show(source);
}
