import type { LabFolder } from '../catalog/catalog.ts';
import { runExperiment } from '../runtime/experiment.ts';
import { readMachine } from '../runtime/machine.ts';
import { findPrivateLink } from '../runtime/privateLink.ts';
import type { RunnerHost } from '../runtime/runnerHost.ts';
import type { LabRun } from '../shared/report.ts';
import { compare } from './compare.ts';
import { machineSettings } from './machineSettings.ts';
import { scenarioOf } from './parts.ts';
import { realScenario, scenarioToRun, sliderValues } from './simulateLab.ts';
import { simulateScenario } from './simulateScenario.ts';

export interface RunOptions {
  readonly signal: AbortSignal;
  /** What is being done, and how far it is (0 to 1), or null where that cannot be said. */
  readonly onProgress: (message: string, fraction: number | null) => void;
}

/**
 * Runs the lab for real, on a private link where it asks for one that can be had here, and predicts the same from the settings
 * that were in force there, read before the run. Rejects with the signal's reason when cancelled, with a HumanError where this machine cannot run it.
 */
export async function runLab(request: { folder: LabFolder; values: Readonly<Record<string, number>> }, host: RunnerHost, options: RunOptions): Promise<LabRun> {
  const { lab, dir } = request.folder;
  const values = sliderValues(lab, request.values);
  options.onProgress('Reading this machine’s settings', null);
  const place = lab.privateLink ? await findPrivateLink(lab.privateLink) : undefined;
  const on = place && 'enter' in place ? place : undefined;
  const planned = scenarioToRun(lab, values);
  const measured = await runExperiment({ labDir: dir, values, machine: await readMachine(), scenario: scenarioOf(planned), parts: planned.parts ?? {}, on }, host, options);
  const { machine } = measured;
  const scenario = realScenario(lab, values, machine, measured.found);
  const { trace: predicted } = simulateScenario(scenarioOf(scenario));
  const lacks = { ...measured.lacks, ...(place && 'why' in place && { 'private-link': place.why }) };
  const comparisons = compare(lab, scenario, predicted, { ...measured, lacks }, machine);
  const notes = [...machineSettings(machine, lab.scenario.kind).notes, ...measured.notes, ...Object.values(lacks)];
  return { version: 1, lab: lab.id, values, machine, predicted, measured: measured.trace, comparisons, notes };
}
