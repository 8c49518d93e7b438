import { describe, expect, it } from 'vitest';
import type { ProcessStat } from '../../../src/runtime/processTable.ts';
import { childrenOf, familyOf, rootOf, type Kinship, type Listening } from '../../../src/runtime/xray/family.ts';

const stat = (pid: number, parentPid: number, name = 'served'): ProcessStat => ({ pid, parentPid, name, state: 'S', groupId: pid, startTicks: pid, cpuTicks: 0, ownCpuTicks: 0 });

function kinship(stats: readonly ProcessStat[], listening: Readonly<Record<number, Readonly<Record<number, number>> | null>>): Kinship {
  const children = childrenOf(stats);
  return {
    stat: (pid) => stats.find((each) => each.pid === pid),
    children: (pid) => (children.get(pid) ?? []).map((child) => child.pid),
    listening: async (pid): Promise<Listening> => {
      const ports = listening[pid];
      return ports === null ? null : new Map(Object.entries(ports ?? {}).map(([inode, port]) => [Number(inode), port]));
    },
  };
}

describe('the process that a server began with', () => {
  const tree = [stat(10, 1), stat(11, 10), stat(12, 10)];

  it.each([
    ['shares a listening socket with the worker', { 10: { 1: 80 }, 11: { 1: 80 } }],
    ['has one and the worker none', { 10: { 1: 80 } }],
    ['has none, and workers have one each on one port', { 11: { 1: 80 }, 12: { 2: 80 } }],
    ['may not be looked into and has the same name', { 10: null, 11: { 1: 80 } }],
  ])('is the parent where it %s', async (_, listening) => {
    expect(await rootOf(11, kinship(tree, listening))).toBe(10);
  });

  it.each([
    ['both listen on sockets of their own', { 10: { 1: 80 }, 11: { 2: 81 } }],
    ['neither listens', {}],
    ['only the child does', { 11: { 1: 80 } }],
  ])('is the process itself where %s', async (_, listening) => {
    expect(await rootOf(11, kinship(tree, listening))).toBe(11);
  });

  it('is not a parent that runs another program, nor the first process of all', async () => {
    expect(await rootOf(11, kinship([stat(10, 1, 'bash'), stat(11, 10)], { 10: { 1: 80 }, 11: { 1: 80 } }))).toBe(11);
    expect(await rootOf(11, kinship([stat(1, 0), stat(11, 1)], { 1: { 1: 80 }, 11: { 1: 80 } }))).toBe(11);
  });

  it('is found from a grandchild', async () => {
    expect(await rootOf(13, kinship([...tree, stat(13, 12)], { 10: { 1: 80 }, 12: { 1: 80 }, 13: { 1: 80 } }))).toBe(10);
  });
});

describe('a family', () => {
  const stats = [stat(20, 11), stat(12, 10), stat(11, 10), stat(10, 1), stat(99, 1)];

  it('has each process after its parent, siblings by age', () => {
    expect(familyOf(stat(10, 1), stats, 9)).toMatchObject({ members: [{ stat: { pid: 10 }, depth: 0 }, { stat: { pid: 11 }, depth: 1 }, { stat: { pid: 20 }, depth: 2 }, { stat: { pid: 12 }, depth: 1 }], leftOut: 0 });
  });

  it('keeps those nearest to the root where there are too many, and counts the others', () => {
    const { members, leftOut } = familyOf(stat(10, 1), stats, 3);
    expect(members.map(({ stat: { pid } }) => pid)).toEqual([10, 11, 12]);
    expect(leftOut).toBe(1);
  });
});
