import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { TestUser } from './users.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** The Node that hosts and programs run on: the one that the tests run on unless `HOSTILE_NODE` names another. */
export const nodePath = process.env.HOSTILE_NODE ?? process.execPath;

/** Whether that Node has the permission model that programs are confined by. */
export function confines(): boolean {
  const flags = "['--permission', '--allow-inspector'].every((flag) => process.allowedNodeEnvironmentFlags.has(flag))";
  return spawnSync(nodePath, ['-p', flags], { encoding: 'utf8' }).stdout.trim() === 'true';
}

export const runnerPath = join(root, 'dist/runner.cjs');
export const exerciseDir = join(root, 'test/fixtures/labs/90-plain-answers/exercises/answers');
const driverPath = join(root, '.cache/hostile/driver.mjs');

export function programPath(name: string): string {
  return join(root, 'test/fixtures/hostile', `${name}.ts`);
}

/** Bundles the driver, so that any user can run it with nothing but Node. */
export async function buildDriver(): Promise<void> {
  if (!existsSync(runnerPath)) throw new Error(`${runnerPath} is missing: run "npm run build" first.`);
  mkdirSync(join(driverPath, '..'), { recursive: true });
  await build({ entryPoints: [join(root, 'test/hostile/driver.ts')], outfile: driverPath, bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning' });
}

/** Starts the driver as `user`; each JSON line that it prints goes to `onLine`. */
export function startDriver(user: TestUser, task: { readonly programs: readonly string[]; readonly atOnce: number; readonly cancelAfterMs?: readonly number[]; readonly watchPorts?: boolean }, onLine: (value: unknown) => void, env: Record<string, string> = {}): ChildProcess {
  const argument = JSON.stringify({ runnerPath, exerciseDir, ...task, programs: task.programs.map((name) => (isAbsolute(name) ? name : programPath(name))) });
  const [command, ...args] = [...user.prefix, nodePath, driverPath, argument];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH, ...env } });
  if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => onLine(JSON.parse(line)));
  return child;
}
