import type { Lab, Quantity } from '../shared/lab.ts';
import { evaluate } from '../shared/metric.ts';
import { patched } from '../shared/pointer.ts';
import type { Comparison, Machine } from '../shared/report.ts';
import type { Lacks } from '../shared/rpc.ts';
import { TraceBuilder, type Trace } from '../shared/trace.ts';
import { withActualConnects } from './lateConnect.ts';
import { lazyTraces, scenarioOf, type LabScenario } from './parts.ts';
import { simulateScenario } from './simulateScenario.ts';

/** A measured run as far as it is compared. */
export interface Measurement {
  readonly trace: Trace;
  /** The traces of the lab's parts; none unless given. */
  readonly parts?: Readonly<Record<string, Trace>>;
  /** The longest that other work kept the measuring process from its loop. */
  readonly heldUpMs: number;
  /** What the run lacked, and why; nothing unless given. */
  readonly lacks?: Lacks;
}

/** Being held up by less than this explains nothing. */
const HELD_UP_MS = 10;
/** As often may it have happened to one event: to the client's process, the server's, and the one that measures. */
const HELD_UP_TIMES = 3;

/**
 * The table of predicted and measured: each quantity as the same function of both traces, and what the wrong model that it
 * would expose predicts for the same scenario.
 */
export function compare(lab: Lab, scenario: LabScenario, predicted: Trace, measured: Measurement, machine: Machine): Comparison[] {
  const traceOf = lazyTraces(scenario);
  return lab.quantities.map((quantity) => {
    const { part } = quantity;
    if (part === undefined) return compareOne(quantity, scenarioOf(scenario), predicted, measured, machine);
    const trace = measured.parts?.[part] ?? NOTHING;
    return compareOne(quantity, scenarioOf(scenario, part), traceOf(part), { ...measured, trace }, machine);
  });
}

/** Of a part that did not run. */
const NOTHING = new TraceBuilder('measured', 'none').build(0);

function compareOne(quantity: Quantity, scenario: Record<string, unknown>, predictedTrace: Trace, { trace, heldUpMs, lacks = {} }: Measurement, machine: Machine): Comparison {
  const { id, label, unit, metric } = quantity;
  const predicted = evaluate(metric, predictedTrace);
  const unavailable = whyUnavailable(quantity, machine, lacks);
  const measured = unavailable !== undefined ? null : evaluate(metric, trace);
  const tolerance = toleranceOf(quantity, predicted ?? 0, machine);
  const row = { quantity: id, label, unit, predicted, measured, tolerance, ...wrongModel(quantity, scenario, measured, machine) };
  if (unavailable !== undefined) return { ...row, error: null, outcome: 'not-available', why: unavailable };
  if (predicted === null || measured === null) {
    const same = predicted === measured;
    return { ...row, error: null, outcome: same ? 'agrees' : 'differs', why: same ? 'It happened in neither.' : quantity.ifNot };
  }
  const error = measured - predicted;
  if (Math.abs(error) <= tolerance) return { ...row, error, outcome: 'agrees', why: '' };
  if (unit === 'ms' && heldUpMs > HELD_UP_MS && Math.abs(error) <= tolerance + HELD_UP_TIMES * heldUpMs) {
    return { ...row, error, outcome: 'unfit-machine', why: `This machine was too busy to decide: the measuring process itself was held up for ${Math.round(heldUpMs)} ms. Run it again when less is running.` };
  }
  if (lacks.processors !== undefined && quantity.needs?.includes('processors')) return { ...row, error, outcome: 'unfit-machine', why: lacks.processors };
  const late = lateClient(quantity, scenario, trace, measured, machine);
  if (late === undefined) return { ...row, error, outcome: 'differs', why: quantity.ifNot };
  return { ...row, error, outcome: 'unfit-machine', why: `This machine was too busy to decide: ${late} Run it again when less is running.` };
}

/** A sentence where a client's late connect() explains the difference: the prediction for when the clients really came agrees. */
function lateClient(quantity: Quantity, scenario: Record<string, unknown>, trace: Trace, measured: number, machine: Machine): string | undefined {
  const actual = withActualConnects(scenario, trace);
  if (!actual || actual.lateMs <= HELD_UP_MS) return undefined;
  const predicted = evaluate(quantity.metric, simulateScenario(actual.scenario).trace);
  if (predicted === null || Math.abs(measured - predicted) > toleranceOf(quantity, predicted, machine)) return undefined;
  return `${actual.client} called connect() ${Math.round(actual.lateMs)} ms after its time, for which the prediction is ${predicted}.`;
}

/** A sentence where this run could not give the quantity. */
function whyUnavailable({ linuxOnly, needs = [] }: Quantity, { platform }: Machine, lacks: Lacks): string | undefined {
  if (linuxOnly === true && platform !== 'linux') return `Needs Linux: ${platform} has no /proc to read it from.`;
  // On processors that others used as well it was measured; what they had to do with it is said where it differs.
  return needs.filter((need) => need !== 'processors').map((need) => lacks[need]).find((why) => why !== undefined);
}

/** In the quantity's unit; jiffies are of this machine and count for quantities in ms. */
function toleranceOf({ tolerance }: Quantity, predicted: number, machine: Machine): number {
  const { absolute = 0, relative = 0, jiffies = 0 } = tolerance;
  return Math.max(absolute, relative * Math.abs(predicted), jiffies * machine.jiffyMs);
}

function wrongModel(quantity: Quantity, scenario: Record<string, unknown>, measured: number | null, machine: Machine): Pick<Comparison, 'wrongModel'> {
  if (!quantity.exposes) return {};
  const { trace } = simulateScenario(patched(scenario, quantity.exposes.patch));
  const predicted = evaluate(quantity.metric, trace);
  const exposed = measured !== null && (predicted === null || Math.abs(measured - predicted) > toleranceOf(quantity, predicted, machine));
  return { wrongModel: { name: quantity.exposes.name, predicted, exposed } };
}
