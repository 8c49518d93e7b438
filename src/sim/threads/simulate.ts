import { HumanError } from '../../shared/errors.ts';
import type { ThreadsMemory, ThreadsOutput, ThreadsScenario } from '../../shared/scenario/threads.ts';
import type { Trace } from '../../shared/trace.ts';
import { plus, printed, waysTo, type Count } from './counts.ts';
import { waitsFor } from './deadlock.ts';
import { Machine } from './machine.ts';
import { compile, type Program } from './program.ts';
import { racingCells } from './races.ts';
import { replay, type Run } from './replay.ts';
import { serialOutcomes } from './serial.ts';
import { StateGraph, TooManyStates } from './stateGraph.ts';
import { Witnesses, type Witness } from './witness.ts';

/** Only so many orders are played, the deadlock first; the trace of more says that it is truncated. */
const MAX_RUNS = 64;

/** How many states may be explored. */
export interface StateLimits {
  /** Above this many, registers that will not be read again are no longer told apart, nor counted in `states`. */
  readonly full: number;
  /** Above this many, the scenario is refused. */
  readonly all: number;
}

/** Two million states take some seconds and half a gigabyte. */
const LIMITS: StateLimits = { full: 30_000, all: 2_000_000 };

/**
 * Explores every interleaving of a checked scenario's threads, exactly; the trace, whose kinds are in
 * src/shared/threadsTrace.ts, plays the witnesses.
 * @throws HumanError where there are more states than can be held, or a sum leaves the exact integers.
 */
export function simulateThreads(scenario: ThreadsScenario, limits = LIMITS): { output: ThreadsOutput; trace: Trace } {
  const program = compile(scenario);
  const { machine, graph } = explore(program, limits);
  const ways = program.jumps ? null : waysTo(graph);
  const { finished, deadlocked } = terminals(machine, graph);
  const witnesses = new Witnesses(graph, program.jumps, deadlocked.length > 0 ? [...finished, deadlocked] : finished);

  const outcomes = finished.map((states) => {
    const witness = witnesses.best(states, program.jumps);
    return { memory: machine.memory(graph.shared(witness.state)), count: total(ways, states), witness };
  });
  const deadlock = deadlocked.length > 0 ? witnesses.best(deadlocked, program.jumps) : null;
  const deadlockCount = total(ways, deadlocked);

  const output: ThreadsOutput = {
    interleavings: printed(outcomes.reduce<Count | null>((sum, each) => add(sum, each.count), deadlockCount)),
    states: graph.count,
    outcomes: outcomes.map(({ memory, count, witness }) => ({
      memory: named(program, memory),
      interleavings: printed(count),
      witness: names(program, witness),
    })),
    deadlocks: {
      interleavings: printed(deadlockCount),
      witness: deadlock && names(program, deadlock),
      waiting: deadlock ? waiting(machine, graph, deadlock.state) : {},
    },
    races: racingCells(machine, graph).map((cell) => program.cells[cell] as string),
  };
  const player = new Machine(program, false);
  const serial = serialOutcomes(player);
  const runs: Run[] = outcomes.map(({ memory, count, witness }, outcome) => ({ witness, outcome, interleavings: printed(count), serial: serial.has(memory.join()) }));
  if (deadlock) runs.unshift({ witness: deadlock, outcome: -1, interleavings: printed(deadlockCount), serial: null });
  const trace = replay(player, Object.values(scenario.threads), runs.slice(0, MAX_RUNS), runs.length > MAX_RUNS);
  return { output, trace };
}

/** Registers that will not be read again are told apart while there are few states, so that `states` is what one counts by hand. */
function explore(program: Program, limits: StateLimits): { machine: Machine; graph: StateGraph } {
  for (const [maxStates, forgetDead] of [[limits.full, false], [limits.all, true]] as const) {
    try {
      const machine = new Machine(program, forgetDead);
      return { machine, graph: new StateGraph(machine, maxStates) };
    } catch (error) {
      if (!(error instanceof TooManyStates)) throw error;
    }
  }
  throw new HumanError(
    `In this threads scenario, "threads" must have fewer threads or instructions, or loops whose registers and cells do not grow without end: there are more than ${limits.all} states.`,
  );
}

/** Terminal states: those with every thread finished, grouped by memory in order of its values, and the deadlocked ones. */
function terminals(machine: Machine, graph: StateGraph): { finished: number[][]; deadlocked: number[] } {
  const deadlocked: number[] = [];
  const byMemory = new Map<string, number[]>();
  for (let state = 0; state < graph.count; state++) {
    if (!graph.isTerminal(state)) continue;
    if (graph.isFinished(state)) {
      const key = machine.memory(graph.shared(state)).join();
      const states = byMemory.get(key);
      if (states) states.push(state);
      else byMemory.set(key, [state]);
    } else {
      deadlocked.push(state);
    }
  }
  const memoryOf = (states: readonly number[]): number[] => machine.memory(graph.shared(states[0] as number));
  return { finished: [...byMemory.values()].sort((a, b) => compare(memoryOf(a), memoryOf(b))), deadlocked };
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : (a[at] as number) - (b[at] as number);
}

function total(ways: readonly Count[] | null, states: readonly number[]): Count | null {
  return ways && states.reduce<Count>((sum, state) => plus(sum, ways[state] as Count), 0);
}

function add(a: Count | null, b: Count | null): Count | null {
  return a === null || b === null ? null : plus(a, b);
}

function named(program: Program, memory: readonly number[]): ThreadsMemory {
  return Object.fromEntries(program.cells.map((cell, i) => [cell, memory[i] as number]));
}

function names(program: Program, witness: Witness): string[] {
  return witness.order.map((thread) => program.threads[thread]?.name ?? '');
}

/** Who waits for whom in a deadlocked state. */
function waiting(machine: Machine, graph: StateGraph, state: number): Record<string, string> {
  const { threads } = machine.program;
  const pairs = threads.flatMap(({ name }, thread) => {
    const wait = waitsFor(machine, thread, graph.local(state, thread), graph.shared(state));
    return wait ? [[name, threads[wait.holder]?.name ?? ''] as const] : [];
  });
  return Object.fromEntries(pairs);
}
