import type { CheckContext } from './checkContext.ts';
import type { ExperimentContext } from './experimentContext.ts';
import type { LabServerContext } from './serverContext.ts';

/** The real half of a lab: runs it, and records what happened into `lab.trace`. */
export interface ExperimentDefinition {
  readonly defines: 'experiment';
  /** Whose kinds the trace has: `tcp`, `cpu`, … */
  readonly model: string;
  readonly run: (lab: ExperimentContext) => Promise<void>;
}

/** The server that an experiment measures and that Start Server keeps up. */
export interface ServerDefinition {
  readonly defines: 'server';
  readonly run: (lab: LabServerContext) => void | Promise<void>;
}

/** One check of an exercise; its id is one of exercise.json's. */
export interface CheckDefinition {
  readonly defines: 'check';
  readonly id: string;
  /** Checks that must have passed; else this one would only fail for the same reason, and is skipped. */
  readonly needs: readonly string[];
  readonly run: (t: CheckContext) => Promise<void>;
}

/** Defines a lab's experiment. The trace's model is `tcp` unless said otherwise. */
export function experiment(run: ExperimentDefinition['run'], { model = 'tcp' }: { model?: string } = {}): ExperimentDefinition {
  return { defines: 'experiment', model, run };
}

/** Defines a lab's server. */
export function server(run: ServerDefinition['run']): ServerDefinition {
  return { defines: 'server', run };
}

/** Defines one check of an exercise. Checks run one after another, in the order of `check.ts`; one whose `needs` have not passed is skipped. */
export function check(id: string, run: CheckDefinition['run'], { needs = [] }: { needs?: readonly string[] } = {}): CheckDefinition {
  return { defines: 'check', id, needs, run };
}

/** Whether a module's default export is a definition of this kind. */
export function isDefinition<K extends 'experiment' | 'server' | 'check'>(
  value: unknown,
  defines: K,
): value is Extract<ExperimentDefinition | ServerDefinition | CheckDefinition, { defines: K }> {
  return typeof value === 'object' && value !== null && 'defines' in value && value.defines === defines;
}
