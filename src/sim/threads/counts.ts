import { CANNOT_STEP } from './machine.ts';
import type { StateGraph } from './stateGraph.ts';
import type { InterleavingCount } from '../../shared/scenario/threads.ts';

/** A number while it is exact, a bigint beyond 2^53 − 1. */
export type Count = number | bigint;

/** Per state the number of orders of steps that lead to it. The program must not jump. */
export function waysTo(graph: StateGraph): Count[] {
  const ways = new Array<Count>(graph.count).fill(0);
  ways[0] = 1;
  for (let state = 0; state < graph.count; state++) {
    for (let thread = 0; thread < graph.threads; thread++) {
      const after = graph.after(state, thread);
      if (after !== CANNOT_STEP) ways[after] = plus(ways[after] as Count, ways[state] as Count);
    }
  }
  return ways;
}

/** The sum, exactly. */
export function plus(a: Count, b: Count): Count {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum <= Number.MAX_SAFE_INTEGER) return sum;
  }
  return BigInt(a) + BigInt(b);
}

/** As the output has it: a string above 2^53 − 1. */
export function printed(count: Count | null): InterleavingCount {
  return typeof count === 'bigint' ? count.toString() : count;
}
