import type { LabFolder } from '../catalog/catalog.ts';
import { runExperiment } from '../runtime/experiment.ts';
import { readMachine } from '../runtime/machine.ts';
import type { RunnerHost } from '../runtime/runnerHost.ts';
import type { LabRun } from '../shared/report.ts';
import { compare } from './compare.ts';
import { machineSettings } from './machineSettings.ts';
import { realScenario, sliderValues } from './simulateLab.ts';
import { simulateScenario } from './simulateScenario.ts';

export interface RunOptions {
  readonly signal: AbortSignal;
  /** What is being done, and how far it is (0 to 1), or null where that cannot be said. */
  readonly onProgress: (message: string, fraction: number | null) => void;
}

/**
 * Runs the lab for real and predicts the same from this machine's own settings, read before the run. Rejects with the
 * signal's reason when cancelled, with a HumanError where this machine cannot run it.
 */
export async function runLab(request: { folder: LabFolder; values: Readonly<Record<string, number>> }, host: RunnerHost, options: RunOptions): Promise<LabRun> {
  const { lab, dir } = request.folder;
  const values = sliderValues(lab, request.values);
  options.onProgress('Reading this machine’s settings', null);
  const machine = await readMachine();
  const scenario = realScenario(lab, values, machine);
  const { trace: predicted } = simulateScenario(scenario);
  const measured = await runExperiment({ labDir: dir, values, machine }, host, options);
  return { version: 1, lab: lab.id, values, machine, predicted, measured: measured.trace, comparisons: compare(lab, scenario, predicted, measured, machine), notes: [...machineSettings(machine).notes, ...measured.notes] };
}
