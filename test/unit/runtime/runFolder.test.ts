import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProcess } from '../../../src/runtime/processTable.ts';
import { createRunFolder, removeRunFolder, removeStaleFolders } from '../../../src/runtime/runFolder.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'run-folder-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid!;
}

describe('a run’s folder', () => {
  it('goes with all that is in it, and what it links to stays', async () => {
    const outside = join(parent, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'precious'), 'x');
    const folder = await createRunFolder('0abc', parent);
    mkdirSync(join(folder, 'tmp/deep/er'), { recursive: true });
    symlinkSync(outside, join(folder, 'tmp/link'));
    expect(await removeRunFolder(folder)).toBe(true);
    expect(readdirSync(parent)).toEqual(['outside']);
    expect(existsSync(join(outside, 'precious'))).toBe(true);
  });

  it.skipIf(process.platform === 'win32')('goes although nobody may enter a folder of it, or a path to its bottom is longer than a path can be', async () => {
    const folder = await createRunFolder('0abd', parent);
    execFileSync('sh', ['-c', 'mkdir locked; touch locked/file; i=0; while [ $i -lt 30 ]; do mkdir $0; cd -P $0; i=$((i+1)); done', 'd'.repeat(200)], { cwd: join(folder, 'tmp') });
    chmodSync(join(folder, 'tmp/locked'), 0);
    chmodSync(folder, 0o500);
    expect(await removeRunFolder(folder)).toBe(true);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('is stale once its host is gone, and only then', async () => {
    const mine = await createRunFolder('0abc', parent);
    const stale = join(parent, `backend-labs-run-${await deadPid()}-77-0def`);
    const reused = join(parent, `backend-labs-run-${process.pid}-${(readProcess(process.pid)?.startTicks ?? 0) + 1}-0fed`);
    const others = ['backend-labs-run-x', 'backend-labs-sample-1-2-3', 'somebody-else'].map((name) => join(parent, name));
    for (const folder of [stale, reused, ...others]) mkdirSync(folder);
    expect((await removeStaleFolders(parent)).toSorted()).toEqual([stale, reused].toSorted());
    expect(existsSync(mine)).toBe(true);
    expect(others.every((folder) => existsSync(folder))).toBe(true);
  });
});
