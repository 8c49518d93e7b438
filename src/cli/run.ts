import { runLab } from '../labs/runLab.ts';
import { HumanError } from '../shared/errors.ts';
import type { Lab } from '../shared/lab.ts';
import type { Comparison, LabRun } from '../shared/report.ts';
import { findLab, runnerHost } from './runnerHost.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { table } from './table.ts';

/** `run LAB`: the real run beside its prediction; with --repeat, how often each comparison agreed. */
export async function runCommand(context: CommandContext): Promise<CommandResult> {
  const folder = await findLab(context, context.positionals[0]);
  refuseSimulatedOnly(folder.lab, context.set);
  const runs: LabRun[] = [];
  for (let run = 0; run < context.repeat; run++) {
    const progress = (message: string) => context.progress(context.repeat > 1 ? `${run + 1} of ${context.repeat}: ${message}` : message);
    runs.push(await runLab({ folder, values: context.set }, runnerHost(), { signal: context.signal, onProgress: progress }));
  }
  const agrees = runs.every(({ comparisons }) => comparisons.every(({ outcome }) => outcome !== 'differs'));
  if (context.repeat > 1) return { code: agrees ? 0 : 1, json: agreement(runs), text: agreementText(runs) };
  const only = runs[0] as LabRun;
  return { code: agrees ? 0 : 1, json: only, text: `${runText(only)}\n` };
}

/** A value that the real run does not have would else be left out in silence. */
function refuseSimulatedOnly({ id, sliders }: Lab, set: CommandContext['set']): void {
  const slider = sliders.find((each) => each.real === false && Object.hasOwn(set, each.id));
  if (slider) throw new HumanError(`"${slider.id}" is for the simulation only: a real run of ${id} has what this machine has. Leave it out.`);
}

function runText({ lab, machine, comparisons, notes }: LabRun): string {
  const rows = comparisons.map((row) => [row.label, row.unit, show(row.predicted), show(row.measured), show(row.error), row.outcome, row.why]);
  const head = `${lab} on ${machine.platform} ${machine.release}, ${machine.cores} cores, Node ${machine.node}`;
  return [head, table(['quantity', 'unit', 'predicted', 'measured', 'error', 'outcome', ''], rows), ...notes].join('\n');
}

function show(value: number | null): string {
  return value === null ? '–' : String(Math.round(value * 100) / 100);
}

/** Over several runs: of each comparison that the machine was fit to make, how many agreed and how many exposed the wrong model that it names. */
function agreement(runs: readonly LabRun[]) {
  const rows = (runs[0] as LabRun).comparisons.map((first, i) => {
    const all = runs.map(({ comparisons }) => comparisons[i] as Comparison).filter(({ outcome }) => outcome !== 'not-available');
    const each = all.filter(({ outcome }) => outcome !== 'unfit-machine');
    const agreed = each.filter(({ outcome }) => outcome === 'agrees').length;
    const exposed = each.filter(({ wrongModel }) => wrongModel?.exposed).length;
    const errors = each.map(({ error }) => error).filter((error) => error !== null).sort((a, b) => a - b);
    return { quantity: first.quantity, runs: each.length, unfit: all.length - each.length, agreed, wrongModel: first.wrongModel?.name ?? null, exposed, smallestError: errors[0] ?? null, largestError: errors.at(-1) ?? null, tolerance: first.tolerance };
  });
  const sum = (field: 'runs' | 'agreed' | 'unfit'): number => rows.reduce((total, row) => total + row[field], 0);
  return { lab: (runs[0] as LabRun).lab, runs: runs.length, agreed: sum('agreed'), of: sum('runs'), unfit: sum('unfit'), comparisons: rows };
}

function agreementText(runs: readonly LabRun[]): string {
  const { agreed, of, unfit, comparisons } = agreement(runs);
  const rows = comparisons.map((row) => [row.quantity, `${row.agreed}/${row.runs}`, `${show(row.smallestError)} … ${show(row.largestError)}`, show(row.tolerance), `${row.exposed}/${row.runs}`, row.wrongModel ?? '']);
  return `${table(['quantity', 'agreed', 'errors', 'tolerance', 'exposed', 'wrong model'], rows)}\n${agreed} of ${of} comparisons agree; the machine was too busy for ${unfit}\n`;
}
