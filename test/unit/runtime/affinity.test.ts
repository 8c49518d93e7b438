import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allowedProcessors, bindProcess, parseProcessorList } from '../../../src/runtime/affinity.ts';

describe('a list of processors', () => {
  it('names each and ranges of them', () => {
    expect(parseProcessorList('0-2,5,8-9')).toEqual([0, 1, 2, 5, 8, 9]);
    expect(parseProcessorList('3')).toEqual([3]);
  });
});

describe.runIf(process.platform === 'linux')('a process', () => {
  it('is bound with all its threads', async () => {
    const [first] = allowedProcessors() ?? [];
    if (first === undefined) throw new Error('This process may run on no processor.');
    const child = spawn(process.execPath, ['-e', "process.stdout.write('up'); setTimeout(() => {}, 20_000)"]);
    try {
      await once(child.stdout, 'data');
      expect(await bindProcess(child.pid ?? 0, [first])).toBe(true);
      const allowed = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      expect(allowed).toMatch(new RegExp(`^Cpus_allowed_list:\\s*${first}$`, 'm'));
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('that is not there is not bound', async () => {
    expect(await bindProcess(2 ** 22 + 1, [0])).toBe(false);
  });
});
