import { CANNOT_STEP } from './machine.ts';
import type { StateGraph } from './stateGraph.ts';

const UNREACHED = -1;

/** A complete order that leads to `state`, by threads. */
export interface Witness {
  readonly state: number;
  readonly switches: number;
  readonly order: readonly number[];
}

/**
 * For every state the order of steps that leads there with the fewest thread switches, then (which differs only where the
 * program jumps) the fewest steps, then first in the order in which threads are listed.
 *
 * A node is a state together with the thread that stepped last, since that decides what a further step costs. `distances`
 * finds each node's cost; then nodes are visited by steps and, among those of equal steps, in the order of their best paths, so
 * that the first to offer a node its cost is its best predecessor.
 */
export class Witnesses {
  private readonly switches: Int32Array;
  private readonly steps: Int32Array;
  /** The node before, on the best path; -1 at the first step. */
  private readonly before: Int32Array;
  /** Place among the best paths of equal length. */
  private readonly rank: Int32Array;

  constructor(private readonly graph: StateGraph) {
    const nodes = graph.count * graph.threads;
    this.switches = new Int32Array(nodes).fill(UNREACHED);
    this.steps = new Int32Array(nodes);
    this.before = new Int32Array(nodes).fill(-1);
    this.rank = new Int32Array(nodes).fill(-1);
    this.findDistances();
    this.rankPaths();
  }

  /**
   * The best order to any of `states`. With `bySteps`, fewer steps go before the listed order; without it they do not: a
   * deadlock may be reached by orders of different lengths.
   */
  best(states: readonly number[], bySteps: boolean): Witness {
    let best: number | undefined;
    for (const state of states) {
      if (state === 0) return { state, switches: 0, order: [] };
      for (let thread = 0; thread < this.graph.threads; thread++) {
        const node = state * this.graph.threads + thread;
        if (this.switches[node] === UNREACHED) continue;
        if (best === undefined || this.isBetter(node, best, bySteps)) best = node;
      }
    }
    if (best === undefined) throw new Error('no order leads to these states');
    return { state: Math.floor(best / this.graph.threads), switches: this.switches[best] as number, order: this.order(best) };
  }

  private isBetter(a: number, b: number, bySteps: boolean): boolean {
    const bySwitches = (this.switches[a] as number) - (this.switches[b] as number);
    if (bySwitches !== 0) return bySwitches < 0;
    const longer = (this.steps[a] as number) - (this.steps[b] as number);
    if (longer === 0) return (this.rank[a] as number) < (this.rank[b] as number);
    return bySteps ? longer < 0 : goesFirst(this.order(a), this.order(b));
  }

  private order(node: number): number[] {
    const order: number[] = [];
    for (let at = node; at >= 0; at = this.before[at] as number) order.push(at % this.graph.threads);
    return order.reverse();
  }

  /** Dijkstra by (switches, steps) with buckets: all nodes of one number of switches in order of steps, then the next. */
  private findDistances(): void {
    let layer: number[][] = [[], this.stepsFrom(0).map(([node]) => node)];
    for (let switches = 0; layer.length > 0; switches++) {
      const next: number[][] = [];
      for (let steps = 1; steps < layer.length; steps++) {
        for (const node of layer[steps] ?? []) {
          if (this.switches[node] !== UNREACHED) continue;
          this.switches[node] = switches;
          this.steps[node] = steps;
          const last = node % this.graph.threads;
          for (const [after, thread] of this.stepsFrom(Math.floor(node / this.graph.threads))) {
            if (this.switches[after] === UNREACHED) ((thread === last ? layer : next)[steps + 1] ??= []).push(after);
          }
        }
      }
      layer = next;
    }
  }

  private rankPaths(): void {
    let level = this.stepsFrom(0).map(([node]) => node);
    while (level.length > 0) {
      for (const [rank, node] of level.entries()) this.rank[node] = rank;
      const next: number[] = [];
      for (const node of level) {
        for (const [after, thread] of this.stepsFrom(Math.floor(node / this.graph.threads))) {
          if (this.before[after] !== -1 || !this.isTight(node, after, thread)) continue;
          this.before[after] = node;
          next.push(after);
        }
      }
      level = next;
    }
  }

  /** Whether the step of `thread` from `node` to `after` lies on a path of least cost to it. */
  private isTight(node: number, after: number, thread: number): boolean {
    const cost = (this.switches[node] as number) + (thread === node % this.graph.threads ? 0 : 1);
    return this.switches[after] === cost && this.steps[after] === (this.steps[node] as number) + 1;
  }

  /** The nodes that one step from `state` leads to, with the thread that takes it, in listed order. */
  private stepsFrom(state: number): [node: number, thread: number][] {
    const found: [number, number][] = [];
    for (let thread = 0; thread < this.graph.threads; thread++) {
      const after = this.graph.after(state, thread);
      if (after !== CANNOT_STEP) found.push([after * this.graph.threads + thread, thread]);
    }
    return found;
  }
}

/** Whether `a` comes before `b` in listed order; neither is the other's beginning. */
function goesFirst(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((thread, i) => thread !== b[i]);
  return (a[at] as number) < (b[at] as number);
}
