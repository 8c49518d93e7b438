import { HumanError } from '../shared/errors.ts';
import { parseBackendsScenario } from '../shared/scenario/backends.ts';
import { parseCpuScenario } from '../shared/scenario/cpu.ts';
import { parseForkScenario } from '../shared/scenario/fork.ts';
import { parsePatternsScenario } from '../shared/scenario/patterns.ts';
import { parseQueueScenario } from '../shared/scenario/queue.ts';
import { parseRetryScenario } from '../shared/scenario/retry.ts';
import { parseTcpScenario } from '../shared/scenario/tcp.ts';
import { parseThreadsScenario } from '../shared/scenario/threads.ts';
import type { Trace } from '../shared/trace.ts';
import { simulateCpu } from '../sim/cpu/simulate.ts';
import { simulateFork } from '../sim/memory/simulate.ts';
import { simulateBackends } from '../sim/patterns/backends.ts';
import { simulatePatterns } from '../sim/patterns/simulate.ts';
import { simulateQueue } from '../sim/queue/simulate.ts';
import { simulateRetry } from '../sim/retry/simulate.ts';
import { simulateTcp } from '../sim/tcp/simulate.ts';
import { simulateThreads } from '../sim/threads/simulate.ts';

export interface Simulation {
  readonly kind: string;
  /** What `backend-labs simulate --json` prints. */
  readonly output: unknown;
  readonly trace: Trace;
}

export interface SimulationOptions {
  /** False where only the output is wanted: a TCP trace, which tells everything, then stays empty and costs nothing. */
  readonly trace: boolean;
}

/** `kind` → its model: takes any JSON, throws a HumanError that names the field where it is no scenario of that kind. */
const MODELS: Readonly<Record<string, (scenario: unknown, options: SimulationOptions) => { output: unknown; trace: Trace }>> = {
  tcp: (scenario, options) => {
    const { recording, trace, truncated } = simulateTcp(parseTcpScenario(scenario), options);
    return { output: truncated ? { ...recording, truncated } : recording, trace };
  },
  queue: (scenario) => simulateQueue(parseQueueScenario(scenario)),
  patterns: (scenario) => simulatePatterns(parsePatternsScenario(scenario)),
  backends: (scenario) => simulateBackends(parseBackendsScenario(scenario)),
  cpu: (scenario) => simulateCpu(parseCpuScenario(scenario)),
  threads: (scenario) => simulateThreads(parseThreadsScenario(scenario)),
  fork: (scenario) => simulateFork(parseForkScenario(scenario)),
  retry: (scenario) => simulateRetry(parseRetryScenario(scenario)),
};

/**
 * Runs any scenario. `kind` picks the model, `tcp` where it is missing. The same scenario always gives the same output.
 * Throws a HumanError, one sentence that names the field and what it may be, where the scenario is wrong.
 */
export function simulateScenario(scenario: unknown, options: SimulationOptions = { trace: true }): Simulation {
  if (typeof scenario !== 'object' || scenario === null || Array.isArray(scenario)) throw new HumanError('A scenario must be a JSON object.');
  const { kind = 'tcp' } = scenario as { kind?: unknown };
  const model = typeof kind === 'string' && Object.hasOwn(MODELS, kind) ? MODELS[kind] : undefined;
  if (!model) throw new HumanError(`"kind" must be one of ${Object.keys(MODELS).join(', ')} (found ${JSON.stringify(kind)}).`);
  return { kind: kind as string, ...model(scenario, options) };
}
