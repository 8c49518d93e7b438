import type { Parts } from '../shared/rpc.ts';
import type { Trace } from '../shared/trace.ts';
import { simulateScenario } from './simulateScenario.ts';

/** A lab's scenario and, under `parts`, those that stand beside it: one document, so that one pointer reaches any of them. */
export type LabScenario = Readonly<Record<string, unknown>> & { readonly parts?: Parts };

/** The scenario of one part, or, without its id, the lab's own. */
export function scenarioOf(all: LabScenario, part?: string): Record<string, unknown> {
  const { parts = {}, ...own } = all;
  return part === undefined ? own : { ...parts[part] };
}

/** Simulates a part, or the lab's own scenario, when its trace is asked for, and each once. */
export function lazyTraces(all: LabScenario): (part?: string) => Trace {
  const traces = new Map<string | undefined, Trace>();
  return (part) => {
    const trace = traces.get(part) ?? simulateScenario(scenarioOf(all, part)).trace;
    traces.set(part, trace);
    return trace;
  };
}
