import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Forker } from '../../../labs/03-many-processes/forker.ts';
import { exclusivePages, filledRegion, minorFaults } from '../../../labs/03-many-processes/pages.ts';
import { startPython } from '../../../labs/03-many-processes/python.ts';
import { startRedis } from '../../../labs/03-many-processes/redis.ts';
import { loadCatalog, type LabFolder } from '../../../src/catalog/catalog.ts';
import { simulateLab } from '../../../src/labs/simulateLab.ts';
import { readProcessMemory } from '../../../src/runtime/processMemory.ts';

const has = (program: string): boolean => process.platform === 'linux' && spawnSync(program, ['--version']).status === 0;
const PAGES = 4096;
let folder: LabFolder;
beforeAll(async () => {
  folder = (await loadCatalog(['labs'])).labs.find(({ lab }) => lab.id === '03-many-processes') as LabFolder;
});

const quantity = (values: Record<string, number>, id: string): number => simulateLab(folder.lab, values).quantities.find((one) => one.id === id)?.value ?? NaN;

describe('lab 03’s simulation', () => {
  it('copies some 39 % of the pages by half as many random writes, and all by one to each', () => {
    expect(quantity({}, 'copied') / 16_384).toBeCloseTo(1 - Math.exp(-0.5), 1);
    expect(quantity({ writes: 16_384, pattern: 1 }, 'extra')).toBe(64);
    expect(quantity({ writes: 16_384, pattern: 2 }, 'copied')).toBeLessThan(quantity({ writes: 16_384 }, 'copied') / 2);
    expect(quantity({ children: 8 }, 'copied')).toBe(quantity({}, 'copied'));
  });

  it('answers by cores, not by workers', () => {
    const answers = (cores: number): number[] => [1, 2, 4].map((workers) => Math.round(quantity({ cores }, `throughput-${workers}`)));
    expect(answers(1)).toEqual([50, 50, 50]);
    expect(answers(2)).toEqual([50, 100, 100]);
    expect(answers(16)).toEqual([50, 100, 200]);
  });

  it('loses what the killed worker had in progress', () => {
    expect([quantity({}, 'lost'), quantity({}, 'answered')]).toEqual([2, 2]);
  });
});

/** A fork, and one write to each fourth page: what it copies, by three accounts of the kernel. */
async function copies(forker: Forker | null): Promise<{ child: number; faults: number; seen: number }> {
  if (!forker) throw new Error('There is no such program here.');
  try {
    const child = await forker.fork();
    const region = filledRegion(forker.pid, 4096);
    if (!region) throw new Error('This system shows no pagemap.');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const [before, faultsBefore, seenBefore] = [readProcessMemory(child), minorFaults(forker.pid), exclusivePages(forker.pid, region, 1)];
    await forker.write(Array.from({ length: PAGES / 4 }, (_, i) => 4 * i));
    await forker.write([0, 4, 8]);
    const after = readProcessMemory(child);
    return {
      child: ((after?.privateDirty ?? NaN) - (before?.privateDirty ?? NaN)) / 4096,
      faults: minorFaults(forker.pid) - faultsBefore,
      seen: (exclusivePages(forker.pid, region, 1)[0] ?? NaN) - (seenBefore[0] ?? NaN),
    };
  } finally {
    forker.end();
  }
}

/** What a process writes besides is a few dozen pages. */
function expectCopies({ child, faults, seen }: { child: number; faults: number; seen: number }): void {
  for (const count of [child, faults, seen]) {
    expect(count).toBeGreaterThan(PAGES / 4 - 30);
    expect(count).toBeLessThan(PAGES / 4 + 300);
  }
}

describe('a real fork', () => {
  it.runIf(has('python3'))('of python3 copies each page at its first write', async () => {
    expectCopies(await copies(await startPython(PAGES)));
  });

  it.runIf(has('redis-server'))('of Redis does too', async () => {
    expectCopies(await copies(await startRedis(PAGES * 4096, 4096)));
  });
});
