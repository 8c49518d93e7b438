import type { Machine } from './machine.ts';
import type { StateGraph } from './stateGraph.ts';

/** How a step touches a cell: plain read, plain write, or an atomic read and write. */
type Access = { readonly cell: number; readonly how: 'read' | 'write' | 'atomic' };

/**
 * The cells that two threads race for: in some reachable state both may access the cell next, one by a plain write, or one
 * plainly and one atomically. A lock has one holder, so two threads that stand before such accesses hold none in common.
 */
export function racingCells(machine: Machine, graph: StateGraph): number[] {
  const racing = new Set<number>();
  const cells = machine.program.cells.length;
  for (let state = 0; state < graph.count && racing.size < cells; state++) {
    const accesses: Access[] = [];
    for (let thread = 0; thread < graph.threads; thread++) {
      const access = nextAccess(machine, thread, graph.local(state, thread));
      if (!access) continue;
      if (accesses.some((other) => conflict(access, other))) racing.add(access.cell);
      accesses.push(access);
    }
  }
  return [...racing].sort((a, b) => a - b);
}

function nextAccess(machine: Machine, thread: number, local: number): Access | undefined {
  const step = machine.next(thread, local);
  switch (step?.op) {
    case 'load':
      return { cell: step.cell, how: 'read' };
    case 'store':
      return { cell: step.cell, how: 'write' };
    case 'fetch-add':
    case 'cas':
      return { cell: step.cell, how: 'atomic' };
    default:
      return undefined;
  }
}

function conflict(a: Access, b: Access): boolean {
  if (a.cell !== b.cell) return false;
  return a.how === 'write' || b.how === 'write' || a.how !== b.how;
}
