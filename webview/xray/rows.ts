import type { XrayProcess } from '../../src/shared/xray/sample.ts';

/** A row of the outline: a process, or several alike of which only their number is drawn. */
export type Row = { readonly kind: 'process'; readonly process: XrayProcess } | { readonly kind: 'more'; readonly depth: number; readonly processes: readonly XrayProcess[] };

/** Up to so many processes have a row each. */
const ALL = 12;
/** Else so many of those that are alike: children of one parent with one title. */
const ALIKE = 3;
const MOST_ROWS = 24;

/** The rows of an outline. Every process is in exactly one. */
export function rowsOf(processes: readonly XrayProcess[]): Row[] {
  if (processes.length <= ALL) return processes.map((process) => ({ kind: 'process', process }));
  const groups = new Map<string, XrayProcess[]>();
  for (const process of processes) groups.set(groupOf(process), [...(groups.get(groupOf(process)) ?? []), process]);
  const rows = processes.flatMap((process): Row[] => {
    const alike = groups.get(groupOf(process)) ?? [];
    const at = alike.indexOf(process);
    if (at < ALIKE || alike.length === ALIKE + 1) return [{ kind: 'process', process }];
    return at === ALIKE ? [{ kind: 'more', depth: process.depth, processes: alike.slice(ALIKE) }] : [];
  });
  if (rows.length <= MOST_ROWS) return rows;
  const rest = rows.slice(MOST_ROWS - 1).flatMap((row) => (row.kind === 'process' ? [row.process] : row.processes));
  return [...rows.slice(0, MOST_ROWS - 1), { kind: 'more', depth: 0, processes: rest }];
}

function groupOf({ parentPid, title }: XrayProcess): string {
  return `${parentPid} ${title}`;
}
