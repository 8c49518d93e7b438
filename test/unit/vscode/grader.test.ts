import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as vscode from 'vscode';
import { exerciseProgress } from '../../../src/labs/progress.ts';
import type { ExerciseReport } from '../../../src/shared/report.ts';
import { ActionableError } from '../../../src/vscode/actionableError.ts';
import { Activity } from '../../../src/vscode/activity.ts';
import { Changes } from '../../../src/vscode/changes.ts';
import { Grader, type Grade } from '../../../src/vscode/grader.ts';
import type { Grading } from '../../../src/vscode/grading.ts';
import { runnerHost } from '../../../src/vscode/host.ts';
import { Kept } from '../../../src/vscode/kept.ts';
import type { ProgressStore } from '../../../src/vscode/progressStore.ts';
import { Reporter } from '../../../src/vscode/reporter.ts';
import { Turn } from '../../../src/vscode/turn.ts';
import * as fake from './vscodeFake.ts';
import { exercise, labFolder, progressIn, report } from './fixtures.ts';

let root: string;
let uri: fake.Uri;
let progress: ReturnType<typeof progressIn>;
let asked: { source: string; path: string; timeLimitMs: number; signal: AbortSignal }[];
let answer: (signal: AbortSignal) => Promise<ExerciseReport>;
let told: Grading[];
let grader: Grader;
let activity: Activity;
let env: Readonly<Record<string, string>> | undefined;

const grade: Grade = (request, host, options) => {
  const { signal, onProgress } = options ?? {};
  asked.push({ source: request.source, path: request.path, timeLimitMs: request.exercise.exercise.timeLimitMs, signal: signal as AbortSignal });
  env = host.env;
  onProgress?.('It listens');
  options?.onDebuggable?.({ pid: 1, port: 2 }, Promise.resolve());
  return answer(signal as AbortSignal);
};

const reporter = new Reporter({ error: () => undefined } as unknown as vscode.LogOutputChannel);

/** A grader as each window has one, over the same storage. */
function graderOf(changes: Changes): Grader {
  return new Grader(runnerHost('/extension'), grade, new Kept(join(root, 'reports')), { progress: progress as unknown as ProgressStore, activity, turn: new Turn(), changes, reporter });
}

beforeEach(() => {
  fake.resetFake();
  root = mkdtempSync(join(tmpdir(), 'bl-grader-'));
  mkdirSync(join(root, 'backend-labs/01-test'), { recursive: true });
  uri = fake.Uri.file(join(root, 'backend-labs/01-test/fix-it.ts'));
  writeFileSync(uri.fsPath, 'saved');
  fake.workspace.workspaceFolders = [{ uri: fake.Uri.file(root) }];
  progress = progressIn();
  asked = [];
  told = [];
  answer = () => Promise.resolve(report('passed'));
  const changes = new Changes();
  changes.onDidGrade((grading) => told.push(grading));
  activity = new Activity();
  grader = graderOf(changes);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const state = (): string => exerciseProgress(progress.current, '01-test', 'fix-it').state;
const untilAborted = (signal: AbortSignal): Promise<ExerciseReport> => new Promise((resolve) => signal.addEventListener('abort', () => resolve(report('cancelled'))));

describe('a report', () => {
  const next = async (folder = labFolder): Promise<Grader> => {
    const other = graderOf(new Changes());
    await other.recall(folder);
    return other;
  };

  it('is there again in the next window, for the same version of the exercise', async () => {
    answer = () => Promise.resolve(report('failed'));
    await grader.grade(exercise, { by: 'command' });
    expect((await next()).report(exercise)).toEqual(report('failed'));
    const newer = { ...exercise, exercise: { ...exercise.exercise, version: exercise.exercise.version + 1 } };
    expect((await next({ ...labFolder, exercises: [newer] })).report(newer)).toBeUndefined();
  });

  it('of before does not stand in for a later one', async () => {
    await grader.grade(exercise, { by: 'command' });
    const other = graderOf(new Changes());
    answer = () => Promise.resolve(report('failed'));
    await other.grade(exercise, { by: 'command' });
    await other.recall(labFolder);
    expect(other.report(exercise)?.verdict).toBe('failed');
  });

  it('is gone for good when its text was replaced', async () => {
    await grader.grade(exercise, { by: 'command' });
    grader.forget(exercise);
    await expect.poll(async () => (await next()).report(exercise)).toBeUndefined();
  });
});

describe('grading', () => {
  it('takes what is unsaved in an open editor, else the text of the file', async () => {
    await grader.grade(exercise, { by: 'command' });
    fake.openFake(uri, 'saved').edit('unsaved');
    await grader.grade(exercise, { by: 'tests' });
    expect(asked.map(({ source, path }) => [source, path])).toEqual([['saved', uri.fsPath], ['unsaved', uri.fsPath]]);
    expect(told.map(({ text, by }) => [text, by])).toEqual([['saved', 'command'], ['unsaved', 'tests']]);
  });

  it('runs on Electron as Node', async () => {
    await grader.grade(exercise, { by: 'command' });
    expect(env).toEqual({ ELECTRON_RUN_AS_NODE: '1' });
    expect(runnerHost('/extension')).toMatchObject({ execPath: process.execPath, runnerPath: join('/extension', 'dist', 'runner.cjs') });
  });

  it('starts nothing in a workspace that is not trusted, and offers to trust it', async () => {
    fake.workspace.isTrusted = false;
    const error = await grader.grade(exercise, { by: 'command' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ActionableError);
    expect((error as ActionableError).message).toMatch(/not trusted/);
    expect((error as ActionableError).action.command).toBe('workbench.trust.manage');
    expect(asked).toEqual([]);
  });

  it('offers to start an exercise that has no file', async () => {
    const error = await grader.grade(labFolder.exercises[1] as typeof exercise, { by: 'command' }).catch((thrown: unknown) => thrown);
    expect((error as ActionableError).message).toMatch(/"Mend it" has no file yet/);
    expect((error as ActionableError).action).toMatchObject({ command: 'backendLabs.startExercise', args: [{ lab: '01-test', exercise: 'mend-it' }] });
  });

  it('records a verdict on the work, and keeps what was passed', async () => {
    answer = () => Promise.resolve(report('failed'));
    await grader.grade(exercise, { by: 'command' });
    expect(state()).toBe('failed');
    answer = () => Promise.resolve(report('passed'));
    await grader.grade(exercise, { by: 'command' });
    answer = () => Promise.resolve(report('failed'));
    await grader.grade(exercise, { by: 'command' });
    expect(exerciseProgress(progress.current, '01-test', 'fix-it')).toMatchObject({ state: 'passed', points: 10, version: 3 });
  });

  it.each(['unfit-machine', 'our-fault'] as const)('holds %s against nobody', async (verdict) => {
    answer = () => Promise.resolve(report(verdict));
    await grader.grade(exercise, { by: 'command' });
    expect(state()).toBe('not-started');
    expect(told).toHaveLength(1);
  });

  it('can be cancelled by the token, by the status bar and for the exercise; nothing is told or recorded', async () => {
    answer = untilAborted;
    const source = new fake.CancellationTokenSource();
    const cancels = [() => source.cancel(), () => activity.cancelAll(), () => grader.cancel(exercise)];
    for (const cancel of cancels) {
      const token = cancel === cancels[0] ? (source.token as unknown as vscode.CancellationToken) : undefined;
      const grading = grader.grade(exercise, { by: 'command', ...(token ? { token } : {}) });
      await expect.poll(() => grader.isGrading(exercise)).toBe(true);
      cancel();
      await expect(grading).rejects.toSatisfy((error) => error instanceof vscode.CancellationError || (error as Error).name === 'AbortError');
      expect(grader.isGrading(exercise)).toBe(false);
    }
    expect(told).toEqual([]);
    expect(state()).toBe('not-started');
  });

  it('under a debugger is no verdict: nothing is recorded, and nobody else is told', async () => {
    const targets: unknown[] = [];
    const grading = await grader.grade(exercise, { by: 'tests', onDebuggable: (target) => targets.push(target) });
    expect(grading.report.verdict).toBe('passed');
    expect(targets).toEqual([{ pid: 1, port: 2 }]);
    expect([state(), told, grader.report(exercise)]).toEqual(['not-started', [], undefined]);
  });

  it('grades an exercise once at a time, and different ones after each other', async () => {
    answer = untilAborted;
    const first = grader.grade(exercise, { by: 'command' }).catch(() => 'ended');
    await expect(grader.grade(exercise, { by: 'command' })).rejects.toThrow('"Fix it" is being graded already.');
    writeFileSync(join(root, 'backend-labs/01-test/mend-it.ts'), 'other');
    await expect.poll(() => asked.length).toBe(1);
    const second = grader.grade(labFolder.exercises[1] as typeof exercise, { by: 'command' });
    await expect.poll(() => grader.isGrading(labFolder.exercises[1] as typeof exercise)).toBe(true);
    expect(asked).toHaveLength(1);
    answer = () => Promise.resolve(report('passed'));
    grader.cancel(exercise);
    await Promise.all([first, second]);
    expect(asked.map(({ source }) => source)).toEqual(['saved', 'other']);
  });

  it('multiplies the time limit by the setting, within its range and below the longest there is', async () => {
    for (const factor of [2, 0.1, 99]) {
      fake.setSetting('timeLimitFactor', factor);
      await grader.grade(exercise, { by: 'command' });
    }
    await grader.grade({ ...exercise, exercise: { ...exercise.exercise, timeLimitMs: 100_000 } }, { by: 'command' });
    expect(asked.map(({ timeLimitMs }) => timeLimitMs)).toEqual([10_000, 5_000, 25_000, 120_000]);
  });
});

describe('a document whose file is gone', () => {
  it('counts only while it has unsaved text', async () => {
    const document = fake.openFake(uri, 'was here');
    rmSync(uri.fsPath);
    await expect(grader.grade(exercise, { by: 'command' })).rejects.toThrow(/has no file yet/);
    document.edit('still here');
    await grader.grade(exercise, { by: 'command' });
    expect(asked.map(({ source }) => source)).toEqual(['still here']);
  });
});
