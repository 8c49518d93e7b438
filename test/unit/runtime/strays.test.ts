import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RUN_MARK } from '../../../src/runtime/environment.ts';
import { limitMarkKib } from '../../../src/runtime/limitMark.ts';
import { readProcess } from '../../../src/runtime/processTable.ts';
import { endStrays, findStrays, SEEN_FILE } from '../../../src/runtime/strays.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'strays-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function sleeper(options: { cwd?: string; env?: Record<string, string> }) {
  const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)'], { detached: true, stdio: ['ignore', 'pipe', 'ignore'], env: {}, ...options });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

describe.runIf(process.platform === 'linux')('what left a run’s process group', () => {
  it('is found by its marks, its folder or because it was seen, and nobody else is', async () => {
    const run = { runId: 'cafe01', folder };
    const marked = await sleeper({ env: { [RUN_MARK]: 'cafe01' } });
    const inside = await sleeper({ cwd: folder });
    const seen = await sleeper({});
    const reused = await sleeper({});
    const other = await sleeper({ env: { [RUN_MARK]: 'cafe012' } });
    const limited = spawn('sh', ['-c', `ulimit -m ${limitMarkKib(run.runId)}; exec setsid sleep 1000`], { stdio: 'ignore', env: { PATH: process.env.PATH } });
    await vi.waitFor(() => expect(readProcess(limited.pid!)?.name).toBe('sleep'));
    writeFileSync(join(folder, SEEN_FILE), `${seen.pid} ${readProcess(seen.pid!)!.startTicks}\n${reused.pid} 1\n`);
    try {
      expect((await findStrays(run)).toSorted()).toEqual([marked.pid, inside.pid, seen.pid, limited.pid].toSorted());
      expect(await endStrays(run)).toEqual({ met: 4, gone: true });
      expect(await findStrays(run)).toEqual([]);
      expect(readProcess(reused.pid!)?.state).not.toBe('Z');
      expect(other.exitCode ?? other.signalCode).toBeNull();
    } finally {
      for (const child of [limited, marked, inside, seen, reused, other]) child.kill('SIGKILL');
    }
  });

  it.each(['a pipe', 'a link', 'a long file'])('is looked for at once though %s stands where the watchdog wrote', async (what) => {
    const path = join(folder, SEEN_FILE);
    if (what === 'a pipe') execFileSync('mkfifo', [path]);
    else if (what === 'a link') symlinkSync('/dev/zero', path);
    else writeFileSync(path, '1 1\n'.repeat(20_000_000));
    const began = performance.now();
    expect(await findStrays({ runId: 'cafe03', folder })).toEqual([]);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
