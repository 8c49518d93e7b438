import { CANNOT_STEP } from './machine.ts';
import type { StateGraph } from './stateGraph.ts';
import { fewestSwitches, fewestTo, firstNodes, UNREACHED } from './switches.ts';

const NONE = -1;

/** A complete order that leads to `state`, by threads. */
export interface Witness {
  readonly state: number;
  readonly switches: number;
  readonly order: readonly number[];
}

/**
 * For each of some sets of states the order of steps that leads there with the fewest thread switches, then (which differs only where the
 * program jumps) the fewest steps, then first in the order in which threads are listed.
 *
 * A node is a state together with the thread that stepped last, since that decides what a further step costs: node = state ×
 * threads + thread. First the switches to every node are found; then nodes are visited by steps and, among equal ones, in the
 * order of their best paths, along steps that lie on a path of fewest switches: so the first to offer a node is its best
 * predecessor.
 */
export class Witnesses {
  private readonly switches: Int32Array;
  /** The node before, on the best path; NONE at the first step. */
  private readonly before: Int32Array;
  /** Place among all nodes by steps, then by listed order of the best path. */
  private readonly rank: Int32Array;

  /** @param sets for which `best` will be asked: nothing is kept of orders with more switches than they need. */
  constructor(
    private readonly graph: StateGraph,
    jumps: boolean,
    sets: readonly (readonly number[])[],
  ) {
    const nodes = graph.count * graph.threads;
    this.switches = fewestSwitches(graph, jumps);
    this.before = new Int32Array(nodes).fill(NONE);
    this.rank = new Int32Array(nodes).fill(NONE);
    this.rankPaths(Math.max(0, ...sets.map((states) => this.fewest(states))));
  }

  /**
   * The best order to any of `states`, one of the sets. With `bySteps`, fewer steps go before the listed order; without it they do not: a
   * deadlock may be reached by orders of different lengths.
   */
  best(states: readonly number[], bySteps: boolean): Witness {
    const { threads } = this.graph;
    let best = NONE;
    for (const state of states) {
      if (state === 0) return { state, switches: 0, order: [] };
      for (let node = state * threads; node < (state + 1) * threads; node++) {
        if (this.rank[node] !== NONE && (best === NONE || this.isBetter(node, best, bySteps))) best = node;
      }
    }
    if (best === NONE) throw new Error('no order leads to these states');
    return { state: Math.floor(best / threads), switches: this.switches[best] as number, order: this.order(best) };
  }

  private fewest(states: readonly number[]): number {
    return states.reduce((fewest, state) => Math.min(fewest, state === 0 ? 0 : fewestTo(this.switches, state, this.graph.threads)), UNREACHED);
  }

  private isBetter(a: number, b: number, bySteps: boolean): boolean {
    const bySwitches = (this.switches[a] as number) - (this.switches[b] as number);
    if (bySwitches !== 0) return bySwitches < 0;
    return bySteps ? (this.rank[a] as number) < (this.rank[b] as number) : goesFirst(this.order(a), this.order(b));
  }

  private order(node: number): number[] {
    const order: number[] = [];
    for (let at = node; at !== NONE; at = this.before[at] as number) order.push(at % this.graph.threads);
    return order.reverse();
  }

  private rankPaths(mostSwitches: number): void {
    const { graph, switches, before, rank } = this;
    const { threads } = graph;
    const queue = new Int32Array(switches.length);
    let length = 0;
    for (const node of firstNodes(graph)) rank[(queue[length] = node)] = length++;
    for (let at = 0; at < length; at++) {
      const node = queue[at] as number;
      const last = node % threads;
      const state = (node - last) / threads;
      const count = switches[node] as number;
      const mayChange = count < mostSwitches && count === fewestTo(switches, state, threads);
      for (let thread = mayChange ? 0 : last; thread < (mayChange ? threads : last + 1); thread++) {
        const after = graph.after(state, thread);
        if (after === CANNOT_STEP) continue;
        const next = after * threads + thread;
        if (rank[next] !== NONE || switches[next] !== count + (thread === last ? 0 : 1)) continue;
        before[next] = node;
        rank[next] = length;
        queue[length++] = next;
      }
    }
  }
}

/** Whether `a` comes before `b` in listed order; neither is the other's beginning. */
function goesFirst(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((thread, i) => thread !== b[i]);
  return (a[at] as number) < (b[at] as number);
}
