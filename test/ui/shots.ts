import { writeFileSync } from 'node:fs';
import { learnerPath } from '../../src/catalog/learnerFiles.ts';
import { quizRound } from '../../src/labs/quiz.ts';
import type { LabDriver } from './lab.ts';
import { REAL_MS } from './lab.ts';
import { answer, rightAnswer, wrongAnswer } from './labQuiz.ts';

/** One row of a contact sheet: a state of the window that the one before it leads to. */
export interface Scene {
  readonly name: string;
  /** Brings the window into the state, from that of the scene before. It is wide then. */
  readonly reach: (driver: LabDriver) => Promise<void>;
  /** `panel`: the lab's panel alone, at its whole length. `window`: all of the window, with the side bar where it is wide. */
  readonly of: 'panel' | 'window';
}

/** The five steps of a lab, in the states that a learner meets. */
export const panelScenes: readonly Scene[] = [
  { name: '1 predict', of: 'panel', reach: (driver) => driver.start() },
  {
    name: '2 simulate',
    of: 'panel',
    reach: async (driver) => {
      await driver.predict();
      await driver.show('simulate');
      const { last } = await driver.moment();
      for (let at = 0; at < Math.min(30, last / 2); at++) await driver.scrubber.press('ArrowRight');
    },
  },
  {
    name: '3 run',
    of: 'panel',
    reach: async (driver) => {
      await driver.show('run');
      await driver.run();
      for (let leaps = 0; leaps < 3; leaps++) await driver.scrubber.press('PageUp');
      await driver.button('Start Server').press('Enter');
      await driver.button('Stop').waitFor({ timeout: REAL_MS });
    },
  },
  {
    name: '3 run, and what was said',
    of: 'panel',
    reach: async (driver) => {
      await driver.button('Stop').press('Enter');
      await driver.button('Start Server').waitFor({ timeout: REAL_MS });
      await driver.show('predict');
    },
  },
  {
    name: '4 fix, failed',
    of: 'panel',
    reach: async (driver) => {
      await driver.show('fix');
      for (const exercise of driver.folder.exercises.slice(0, 1)) {
        await driver.openExercise(exercise);
        await driver.gradeByCodeLens(exercise, 'failed');
        await driver.button(`A hint: ${exercise.exercise.title}`).press('Enter');
        await driver.button(`Next hint: ${exercise.exercise.title}`).waitFor();
      }
      await driver.panelAlone();
    },
  },
  {
    name: '4 fix, passed',
    of: 'panel',
    reach: async (driver) => {
      for (const exercise of driver.folder.exercises.slice(0, 1)) {
        writeFileSync(learnerPath(driver.bench.folder, exercise), driver.solution(exercise));
        driver.bench.handOver();
        await driver.button(`Grade: ${exercise.exercise.title}`).press('Enter');
        await driver.exercise(exercise).locator('.badge.passed').waitFor({ timeout: REAL_MS });
      }
    },
  },
  {
    name: '5 check',
    of: 'panel',
    reach: async (driver) => {
      await driver.show('check');
      for (const [index, question] of quizRound(driver.folder.lab.id, driver.folder.quiz, 0).questions.slice(0, 4).entries()) {
        await answer(driver, question, index % 2 === 0 ? wrongAnswer(question).answer : rightAnswer(question));
      }
    },
  },
];

/** What is VS Code's own around a lab: after the scenes above. */
export const windowScenes: readonly Scene[] = [
  {
    name: 'tree, panel and editor with a failure',
    of: 'window',
    reach: async (driver) => {
      // The first one is passed by now, and stays so.
      const exercise = driver.folder.exercises.slice(1).at(-1);
      if (!exercise) return;
      await driver.show('fix');
      await driver.openExercise(exercise);
      await driver.gradeByCodeLens(exercise, 'failed');
      await driver.bench.command('Problems: Focus on Problems View');
      await (await driver.bench.treeItem(new RegExp(driver.folder.lab.title))).waitFor();
    },
  },
  {
    name: 'Test Explorer',
    of: 'window',
    reach: async (driver) => {
      await driver.bench.command('View: Toggle Panel Visibility');
      await driver.bench.command('Testing: Focus on Test Explorer View');
      const item = driver.bench.page.locator('.test-explorer').getByRole('treeitem', { name: new RegExp(driver.folder.lab.title) }).first();
      await item.click();
      await driver.bench.page.keyboard.press('ArrowRight');
      await driver.bench.page.locator('.test-explorer').getByRole('treeitem', { name: new RegExp(driver.folder.exercises[0]?.exercise.title ?? '') }).first().waitFor();
    },
  },
  {
    name: 'walkthrough',
    of: 'window',
    reach: async (driver) => {
      await driver.bench.closeEditors();
      await driver.bench.command('Welcome: Open Walkthrough...');
      await driver.bench.choose('Your first backend lab');
      await driver.bench.page.getByText('Predict, then simulate').first().waitFor();
    },
  },
];
