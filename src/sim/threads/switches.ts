import { CANNOT_STEP } from './machine.ts';
import type { StateGraph } from './stateGraph.ts';

/** Where a node cannot be reached. */
export const UNREACHED = 0x7fffffff;

/** Per node (state × threads + the thread that stepped last) the fewest thread switches on any order that leads there. */
export function fewestSwitches(graph: StateGraph, jumps: boolean): Int32Array {
  const switches = new Int32Array(graph.count * graph.threads).fill(UNREACHED);
  if (jumps) byLayers(graph, switches);
  else inOrder(graph, switches);
  return switches;
}

/** The nodes after the first step of each thread, which is no switch. */
export function firstNodes(graph: StateGraph): number[] {
  const nodes: number[] = [];
  for (let thread = 0; thread < graph.threads; thread++) {
    const after = graph.after(0, thread);
    if (after !== CANNOT_STEP) nodes.push(after * graph.threads + thread);
  }
  return nodes;
}

/** The fewest switches to any node of a state: only from such a node another thread can best go on. */
export function fewestTo(switches: Int32Array, state: number, threads: number): number {
  let fewest = UNREACHED;
  for (let node = state * threads; node < (state + 1) * threads; node++) fewest = Math.min(fewest, switches[node] as number);
  return fewest;
}

/** Without jumps every step leads to a higher number, so that one pass has each state's own result before it is used. */
function inOrder(graph: StateGraph, switches: Int32Array): void {
  const { threads } = graph;
  for (const node of firstNodes(graph)) switches[node] = 0;
  for (let state = 1; state < graph.count; state++) {
    const changed = fewestTo(switches, state, threads) + 1;
    for (let thread = 0; thread < threads; thread++) {
      const after = graph.after(state, thread);
      if (after === CANNOT_STEP) continue;
      const node = after * threads + thread;
      switches[node] = Math.min(switches[node] as number, switches[state * threads + thread] as number, changed);
    }
  }
}

/** All nodes of one number of switches, found by letting the last thread go on, then those of one more. */
function byLayers(graph: StateGraph, switches: Int32Array): void {
  const { threads } = graph;
  const changed = new Uint8Array(graph.count);
  let seeds = firstNodes(graph);
  for (let count = 0; seeds.length > 0; count++) {
    const next: number[] = [];
    for (const seed of seeds) {
      const thread = seed % threads;
      for (let node = seed; switches[node] === UNREACHED; ) {
        switches[node] = count;
        const state = (node - thread) / threads;
        if (!changed[state]) {
          changed[state] = 1;
          for (let other = 0; other < threads; other++) {
            const after = graph.after(state, other);
            if (other !== thread && after !== CANNOT_STEP) next.push(after * threads + other);
          }
        }
        const after = graph.after(state, thread);
        if (after === CANNOT_STEP) break;
        node = after * threads + thread;
      }
    }
    seeds = next;
  }
}
