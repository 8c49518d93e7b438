import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AllGraded } from '../../../src/labs/gradeAll.ts';
import { stageExtension } from '../../host/stage.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const LAB = '05-accept-queue';
let dir: string;
let commands: string[];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'workflow-'));
  const workflow = await readFile(join(root, 'docs/ci/github-workflow.yml'), 'utf8');
  commands = [...workflow.matchAll(/^ +run: (.*)$/gm)].map((match) => match[1] as string);
});
afterAll(() => rm(dir, { recursive: true }));

/** A learner's repository with this solution, and beside it what the package holds. */
async function repository(name: string, solution: string): Promise<string> {
  const file = join(dir, name, 'backend-labs', LAB, 'descriptor-leak.ts');
  await mkdir(dirname(file), { recursive: true });
  await copyFile(join(root, 'labs', LAB, 'exercises/descriptor-leak', solution), file);
  return join(dir, name);
}

describe.skipIf(process.platform === 'win32')('the workflow for a class', () => {
  it('unpacks the package and grades, a command each', () => {
    expect(commands).toEqual([expect.stringMatching(/^unzip -q \.ci\/backend-labs\.vsix -d "\$RUNNER_TEMP\/backend-labs"$/), expect.stringMatching(/^node "\$RUNNER_TEMP\/backend-labs\/extension\/dist\/cli\.cjs" grade --all /)]);
  });

  it.each([
    ['ada', 'solution.ts', 0, 15],
    ['bob', 'starter.ts', 1, undefined],
  ])('grades from what ships, alone, and leaves %s’s results where it keeps them', async (learner, solution, code, points) => {
    const temp = join(dir, `${learner}-temp`);
    stageExtension(join(temp, 'backend-labs/extension'));
    const cwd = await repository(learner, solution);
    // What a hostile name of a repository's owner would have to be to do harm.
    const env = { PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`, RUNNER_TEMP: temp, LEARNER: `${learner}"; touch hacked #` };
    const { status, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', commands[1] as string], { cwd, env, encoding: 'utf8', timeout: 60_000 });
    expect([status, stderr]).toEqual([code, '']);
    const result = JSON.parse(await readFile(join(cwd, 'results.json'), 'utf8')) as AllGraded;
    expect(result.learner).toBe(`${learner}"; touch hacked #`);
    if (points !== undefined) expect(result.points).toBe(points);
    expect(await readFile(join(cwd, 'results.xml'), 'utf8')).toContain('<testsuite name="05-accept-queue/descriptor-leak"');
    await expect(readFile(join(cwd, 'hacked'))).rejects.toThrow(/ENOENT/);
  }, 60_000);
});
