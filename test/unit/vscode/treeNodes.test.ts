import { describe, expect, it } from 'vitest';
import { NO_PROGRESS, withExercise, withLab, type Progress } from '../../../src/labs/progress.ts';
import type { QuizVerdict } from '../../../src/shared/protocol.ts';
import { lensesOf } from '../../../src/vscode/lenses.ts';
import { nextUp } from '../../../src/vscode/announcements.ts';
import { labNode, problemNode } from '../../../src/vscode/treeNodes.ts';
import { exercise, labFolder } from './fixtures.ts';

const none = (): boolean => false;
const right: QuizVerdict = { answer: { options: ['a'] }, correct: true, explanations: {} };
const lab = '01-test';
const passed = (progress: Progress, id: string): Progress => withExercise(progress, lab, id, { state: 'passed', points: 10 });
const quizDone = (progress: Progress): Progress => withLab(progress, lab, { quiz: Object.fromEntries(labFolder.quiz.questions.map(({ id }) => [id, right])) });

describe('the tree', () => {
  it('says of an untouched lab what is in it', () => {
    const node = labNode(labFolder, NO_PROGRESS, none);
    expect(node).toMatchObject({ label: 'A test lab', description: '0/3', contextValue: 'lab', accessible: 'Lab: A test lab, 0 of 3 done, about 5 minutes' });
    expect(node.children.map(({ label, description, contextValue }) => [label, description, contextValue])).toEqual([
      ['Fix it', 'not started', 'exercise.not-started'],
      ['Mend it', 'not started', 'exercise.not-started'],
      ['Quiz', 'not answered', 'quiz'],
    ]);
  });

  it('counts exercises and the quiz', () => {
    const one = passed(NO_PROGRESS, 'fix-it');
    expect(labNode(labFolder, one, none).description).toBe('1/3');
    expect(labNode(labFolder, quizDone(one), none).description).toBe('2/3');
    expect(labNode(labFolder, quizDone(passed(one, 'mend-it')), none).description).toBe('3/3');
  });

  it('takes the quiz for done when as many of its pool are right as it asks at a time', () => {
    const folder = { ...labFolder, quiz: { ...labFolder.quiz, ask: 3 } };
    const answered = (...ids: string[]): Progress => withLab(NO_PROGRESS, lab, { quiz: Object.fromEntries(ids.map((id) => [id, right])) });
    expect(labNode(folder, answered('q0', 'q1'), none).description).toBe('0/3');
    expect(labNode(folder, answered('q0', 'q1', 'q4'), none).description).toBe('1/3');
    expect(labNode(folder, answered('q0', 'q1', 'q2', 'q3'), none).description).toBe('1/3');
  });

  it('shows each state by shape and by word, not by colour alone', () => {
    const failed = withExercise(NO_PROGRESS, lab, 'fix-it', { state: 'failed', points: 4 });
    const nodes = [labNode(labFolder, failed, none), labNode(labFolder, passed(failed, 'fix-it'), none), labNode(labFolder, NO_PROGRESS, none), labNode(labFolder, failed, () => true)];
    const shown = nodes.map(({ children }) => children[0]);
    expect(shown.map((node) => node?.description)).toEqual(['not passed · 4/10', 'passed · 10/10', 'not started', 'grading…']);
    expect(new Set(shown.map((node) => node?.icon)).size).toBe(4);
    expect(shown.map((node) => node?.accessible)).toEqual(['Exercise: Fix it, not passed, 4 of 10 points', 'Exercise: Fix it, passed, 10 of 10 points', 'Exercise: Fix it, not started', 'Exercise: Fix it, grading…']);
  });

  it('shows a folder that is no lab with its sentence', () => {
    const node = problemNode({ folder: '/labs/07-broken', message: 'In lab.json, "title" must be text.' });
    expect(node).toMatchObject({ label: '07-broken', description: 'In lab.json, "title" must be text.', contextValue: 'problem', children: [] });
  });
});

describe('the lenses', () => {
  it('offer grading and the next hint, and its number', () => {
    const hinted = withExercise(NO_PROGRESS, lab, 'fix-it', { state: 'failed', hintsShown: 1 });
    expect(lensesOf(exercise, hinted, false).map(({ title }) => title)).toEqual(['$(run-all) Grade', '$(lightbulb) Next hint (2 of 2)', '$(beaker) Lab']);
    const all = withExercise(hinted, lab, 'fix-it', { hintsShown: 2 });
    expect(lensesOf(exercise, all, false).map(({ title }) => title)).toEqual(['$(run-all) Grade', '$(beaker) Lab']);
  });

  it('offer to cancel while grading, and the solution once passed', () => {
    expect(lensesOf(exercise, NO_PROGRESS, true)[0]).toMatchObject({ command: 'backendLabs.cancel' });
    expect(lensesOf(exercise, passed(NO_PROGRESS, 'fix-it'), false).map(({ command }) => command)).toContain('backendLabs.openSolution');
    expect(lensesOf(exercise, NO_PROGRESS, false).map(({ command }) => command)).not.toContain('backendLabs.openSolution');
  });
});

describe('what is next', () => {
  it('is the next exercise that is not passed, then the quiz', () => {
    expect(nextUp(labFolder, passed(NO_PROGRESS, 'fix-it'))).toMatchObject({ title: 'Next: Mend it', args: [{ lab, exercise: 'mend-it' }] });
    expect(nextUp(labFolder, passed(passed(NO_PROGRESS, 'fix-it'), 'mend-it'))).toMatchObject({ title: 'Open Quiz' });
  });
});
