import { HumanError } from '../../shared/errors.ts';
import { backendPrefix, PATTERNS_KIND, PATTERNS_MODEL, SERVER_ENTITY } from '../../shared/patternsTrace.ts';
import type { BackendsScenario } from '../../shared/scenario/backends.ts';
import { parsePatternsScenario, type PatternsScenario } from '../../shared/scenario/patterns.ts';
import { eventAt, TraceBuilder, type Trace, type TraceEvent } from '../../shared/trace.ts';
import type { PatternsOutput } from './output.ts';
import { PATTERN_PRESETS } from './presets.ts';
import { simulatePatterns } from './simulate.ts';

/** One of several servers that are compared. */
export interface Backend {
  readonly id: string;
  readonly title: string;
  readonly scenario: PatternsScenario;
}

export interface BackendsOutput {
  readonly backends: readonly ({ readonly id: string; readonly title: string } & PatternsOutput)[];
}

/** What each server of a comparison is. @throws HumanError, one sentence that names the server, the field and what it may be. */
export function backendsOf({ common, backends }: BackendsScenario): Backend[] {
  return backends.map(({ id, title, system, settings = {} }) => {
    try {
      return { id, title, scenario: parsePatternsScenario({ kind: 'patterns', ...withoutNulls({ ...common, ...settingsOf(system), ...settings }) }) };
    } catch (error) {
      throw error instanceof HumanError ? new HumanError(`Of the backend "${id}": ${error.message}`) : error;
    }
  });
}

/** Runs several servers under one load, each by itself, and draws them beside each other: the entities of `a` are `a/request:0`, `a/worker:0` and so on. */
export function simulateBackends(scenario: BackendsScenario): { output: BackendsOutput; trace: Trace } {
  const runs = backendsOf(scenario).map((backend) => ({ ...backend, ...simulatePatterns(backend.scenario) }));
  const rows: TraceEvent[] = runs.flatMap(({ id, title, scenario: { pattern, workers = 1 }, trace }) => {
    const prefix = backendPrefix(id);
    const own = Array.from({ length: trace.timeNs.length }, (_, i) => eventAt(trace, i));
    const detail = { title, pattern };
    const first: TraceEvent = { timeNs: 0, kind: PATTERNS_KIND.backend, entity: SERVER_ENTITY, value: pattern === 'per-connection' ? 0 : pattern.startsWith('single') ? 1 : workers, detail };
    return [first, ...own].map((row) => ({ ...row, entity: `${prefix}${row.entity}` }));
  });
  const builder = new TraceBuilder('simulated', PATTERNS_MODEL);
  for (const { timeNs, kind, entity, value, detail } of rows.sort((a, b) => a.timeNs - b.timeNs)) builder.add(timeNs, kind, entity, value, detail);
  const trace = builder.build(Math.max(...runs.map((run) => run.trace.durationNs)), runs.some((run) => run.trace.truncated === true));
  return { output: { backends: runs.map(({ id, title, output }) => ({ id, title, ...output })) }, trace };
}

function settingsOf(system: string | undefined): object {
  if (system === undefined) return {};
  const preset = PATTERN_PRESETS.find(({ id }) => id === system);
  if (!preset) throw new HumanError(`"system" must be one of ${PATTERN_PRESETS.map(({ id }) => id).join(', ')} (found ${JSON.stringify(system)}).`);
  return preset.settings;
}

function withoutNulls(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
