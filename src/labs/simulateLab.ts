import type { Lab } from '../shared/lab.ts';
import { evaluate } from '../shared/metric.ts';
import { patched } from '../shared/pointer.ts';
import type { QuantityValue } from '../shared/protocol.ts';
import type { Machine } from '../shared/report.ts';
import type { Trace } from '../shared/trace.ts';
import { HumanError } from '../shared/errors.ts';
import { machineSettings } from './machineSettings.ts';
import { lazyTraces, type LabScenario } from './parts.ts';

export interface LabSimulation {
  readonly trace: Trace;
  readonly quantities: readonly QuantityValue[];
}

/** The sliders' values with defaults for those not given. Throws a HumanError for one that does not exist or is out of its range. */
export function sliderValues(lab: Lab, given: Readonly<Record<string, number>>): Record<string, number> {
  for (const id of Object.keys(given)) {
    if (!lab.sliders.some((slider) => slider.id === id)) throw new HumanError(`The lab ${lab.id} has no slider "${id}": it has ${lab.sliders.map((s) => s.id).join(', ')}.`);
  }
  return Object.fromEntries(
    lab.sliders.map(({ id, minimum, maximum, default: usual }) => {
      const value = given[id] ?? usual;
      if (!(value >= minimum && value <= maximum)) throw new HumanError(`"${id}" must be a number from ${minimum} to ${maximum} (found ${value}).`);
      return [id, value];
    }),
  );
}

/** The lab's scenario, with its parts, and with the sliders' values in their places. */
export function labScenario(lab: Lab, values: Readonly<Record<string, number>>): LabScenario {
  const changes: Record<string, unknown> = {};
  const all = sliderValues(lab, values);
  for (const { id, paths, choices } of lab.sliders) {
    const value = all[id] as number;
    for (const path of paths) changes[path] = choices ? choices[value]?.value : value;
    Object.assign(changes, choices?.[value]?.also);
  }
  return patched({ ...lab.scenario, ...(lab.parts && { parts: lab.parts }) }, changes);
}

/** What happens in the lab's situation, with every slider in force. Throws a HumanError where the values make no scenario. */
export function simulateLab(lab: Lab, values: Readonly<Record<string, number>>): LabSimulation {
  const traceOf = lazyTraces(labScenario(lab, values));
  const quantities = lab.quantities.map(({ id, label, unit, metric, part }) => ({ id, label, unit, value: evaluate(metric, traceOf(part)) }));
  return { trace: traceOf(), quantities };
}

/**
 * The scenario that stands beside a measurement: sliders that the real run has, on this machine's loopback, with this
 * machine's own settings, and with what the run read off the machine before it began (`found`, by JSON pointer).
 */
export function realScenario(lab: Lab, values: Readonly<Record<string, number>>, machine: Machine, found: Readonly<Record<string, number>> = {}): LabScenario {
  return patched(scenarioToRun(lab, values), { ...lab.realOverrides, ...machineSettings(machine, lab.scenario.kind).changes, ...found });
}

/** The lab's scenario with only those sliders in force that the real run has. */
export function scenarioToRun(lab: Lab, values: Readonly<Record<string, number>>): LabScenario {
  const simulatedOnly = lab.sliders.filter((slider) => slider.real === false);
  return labScenario(lab, { ...sliderValues(lab, values), ...Object.fromEntries(simulatedOnly.map(({ id, default: usual }) => [id, usual])) });
}
