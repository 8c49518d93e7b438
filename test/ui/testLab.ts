import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect } from 'vitest';
import { quizRound } from '../../src/labs/quiz.ts';
import { testUser } from '../host/user.mjs';
import { completeLabs, LabDriver, plain, REAL_MS } from './lab.ts';
import { answer, card, keyOf, rightAnswer, wrongAnswer } from './labQuiz.ts';
import { uiTest } from './uiTest.ts';
import type { Workbench } from './workbench.ts';

/** How long a step with several real runs or gradings may take, in milliseconds. */
const LONG_MS = 4 * REAL_MS;
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 30_000 });

/** Does all five steps of the lab `id` in a VS Code of its own, with its known solutions. Throws where the catalog does not have it. */
export async function testLab(id: string): Promise<void> {
  const folder = (await completeLabs()).find(({ lab }) => lab.id === id);
  if (!folder) throw new Error(`There is no complete lab ${id}.`);
  const { lab, exercises, quiz } = folder;
  const { questions, left } = quizRound(lab.id, quiz, 0);
  const it = uiTest({ width: 1500, height: 1000, files: { 'README.md': '# A folder of the learner\n' } });
  describe(`lab ${id}`, () => {
    let reached = 0;
    /** A test that needs the ones before it; where one of them failed, it is skipped. */
    const step = (number: number, title: string, body: (driver: LabDriver, bench: Workbench) => Promise<void>): void => {
      it(`${number}. ${title}`, { timeout: LONG_MS }, async ({ bench, skip }) => {
        skip(reached !== number - 1, 'what came before did not succeed');
        await body(new LabDriver(bench, folder), bench);
        reached = number;
      });
    };

    step(1, 'starts from the command palette, with Run locked until something is predicted', async (driver) => {
      await driver.start();
      await watchMessages(driver);
      expect(await driver.tab('run').textContent()).toContain('predict first');
      await driver.show('run');
      await driver.panel.getByText('Answer or skip the predictions first').waitFor();
      expect(await driver.button('Run for real').count()).toBe(0);
      await driver.show('predict');
    });

    step(2, 'takes predictions typed by keyboard', async (driver) => {
      const said = await driver.predict();
      for (const value of said.values()) expect(await driver.panel.locator('.questions').textContent()).toContain(`You said ${value.toLocaleString('en-US')}`);
      expect(await driver.tab('run').textContent()).not.toContain('predict first');
    });

    step(3, 'simulates: a preset, a slider, and the player by keyboard', async (driver) => {
      await driver.show('simulate');
      const preset = lab.presets.at(-1);
      await driver.choosePreset(preset?.title ?? '');
      const slider = driver.panel.locator('.slider input[type=range]').first();
      const value = Number(await slider.inputValue());
      await slider.press(value === Number(await slider.getAttribute('max')) ? 'ArrowLeft' : 'ArrowRight');
      expect(Number(await slider.inputValue())).not.toBe(value);
      await driver.panel.getByText('Your own settings.').waitFor();
      await driver.choosePreset(preset?.title ?? '');
      await eventually(async () => Number(await slider.inputValue())).toBe(value);

      await driver.button('One event forward').press('Enter');
      await eventually(async () => (await driver.moment()).at).toBe(1);
      await driver.scrubber.press('End');
      await eventually(async () => driver.moment().then(({ at, last }) => at > 1 && at === last)).toBe(true);
      await driver.scrubber.press('Home');
      await eventually(async () => (await driver.moment()).at).toBe(0);
      await driver.button('Play').press('Enter');
      await eventually(async () => (await driver.moment()).at).toBeGreaterThan(1);
      await driver.button('Pause').press('Enter');
    });

    step(4, 'finds what was said and the settings again after the panel was closed', async (driver) => {
      await driver.start();
      await driver.panel.locator('button.preset[aria-pressed=true]').filter({ hasText: lab.presets.at(-1)?.title ?? '' }).waitFor();
      await watchMessages(driver);
      await driver.choosePreset(lab.presets[0]?.title ?? '');
      await driver.show('predict');
      expect(await driver.panel.locator('.questions').getByText(/^You said /).count()).toBe(lab.predictions.length);
    });

    step(5, 'runs for real, can be cancelled, and puts what was measured beside what was predicted', async (driver, bench) => {
      await driver.show('run');
      await driver.button('Run for real').press('Enter');
      await driver.button('Cancel').press('Enter');
      await driver.panel.getByText('The run was cancelled; nothing of it is left running.').waitFor({ timeout: 30_000 });
      await eventually(() => runners(bench)).toEqual([]);

      const rows = await driver.run();
      expect(rows.map(({ label }) => label)).toEqual(lab.quantities.map(({ label }) => label));
      for (const [index, { outcome, predicted, measured, verdict }] of rows.entries()) {
        const quantity = lab.quantities[index];
        expect(predicted).toMatch(/\d/);
        if (outcome === 'agrees') expect(measured).toMatch(/\d/);
        else expect(verdict.length, `${quantity?.id} is ${outcome} and nothing says why`).toBeGreaterThan(30);
        if (outcome === 'agrees' && quantity?.tolerance.absolute === 0) expect(measured).toBe(predicted);
      }
      // Another lab's test may run beside this one: a row may then say that the machine was too busy.
      expect(rows.filter(({ outcome }) => outcome !== 'differs').length, JSON.stringify(rows)).toBeGreaterThanOrEqual(rows.length / 2);
      expect(rows.filter(({ measured }) => /\d/.test(measured)).length, JSON.stringify(rows)).toBeGreaterThanOrEqual(rows.length / 2);
      await driver.panel.locator('#tab-run').getByText(/\d+ of \d+ agree/).waitFor();
      await driver.show('predict');
      expect(await driver.panel.locator('.questions').getByText(/It was /).count()).toBe(lab.predictions.length);
    });

    step(6, 'keeps the server up until it is stopped, as a user who is not root', async (driver, bench) => {
      await driver.show('run');
      await driver.button('Start Server').press('Enter');
      const line = driver.panel.locator('.server .running').getByText(/Listening on/);
      await line.waitFor({ timeout: 30_000 });
      const [, port = '', pid = ''] = /127\.0\.0\.1:(\d+), process (\d+)/.exec((await line.textContent()) ?? '') ?? [];
      const user = testUser();
      if (user) expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toContain(`Uid:\t${user.uid}\t`);
      expect(await answers(Number(port))).toBe(true);
      expect(runners(bench).length).toBeGreaterThan(0);
      await driver.button('Stop').press('Enter');
      await driver.button('Start Server').waitFor({ timeout: 30_000 });
      expect(await answers(Number(port))).toBe(false);
    });

    for (const [index, exercise] of exercises.entries()) {
      const { id, title, hints } = exercise.exercise;
      // How a failure is shown is the same for all; what each starter fails for is seen when the lab is validated.
      const starterToo = index === 0;
      step(7 + index, `grades ${id}: ${starterToo ? 'the starter at its line and with its hint, ' : ''}the solution unsaved`, async (driver, bench) => {
        await driver.show('fix');
        expect(await driver.button(`Open the solution: ${title}`).count()).toBe(0);
        await driver.openExercise(exercise);
        const starter = driver.saved(exercise);
        if (starterToo) {
          await driver.gradeByCodeLens(exercise, 'failed');
          await driver.editor(exercise).locator('.squiggly-error').first().waitFor();
          await bench.command('Problems: Focus on Problems View');
          await bench.page.locator('.markers-panel-container').getByText(`${id}/`).first().waitFor();
          await bench.command('View: Toggle Panel Visibility');
          const hint = driver.exercise(exercise).locator('.failure .notice');
          expect(await hint.count(), (await driver.exercise(exercise).textContent()) ?? '').toBeGreaterThan(0);
          expect(Object.values(hints).map(plain)).toContain((await hint.first().textContent())?.trim());
        }
        await driver.type(exercise, driver.solution(exercise));
        await driver.gradeByCodeLens(exercise, 'passed');
        expect(driver.saved(exercise)).toBe(starter);
        await driver.editor(exercise).locator('.codelens-decoration a').filter({ hasText: 'Solution' }).waitFor();
        await driver.button(`Open the solution: ${title}`).waitFor();
        await (await bench.treeItem(new RegExp(`Exercise: ${title}, passed`))).waitFor();
      });
    }

    step(7 + exercises.length, 'asks the quiz, whose key is nowhere in the page', async (driver) => {
      await driver.show('check');
      const before = `${await driver.panel.locator('html').innerHTML()} ${await messages(driver)}`;
      expect(before).toContain(questions[0]?.id);
      for (const sentence of keyOf(quiz.questions)) expect(before).not.toContain(JSON.stringify(sentence).slice(1, -1));
      expect(before).not.toMatch(/"(correct|explanation|mistakes)"/);

      const [first] = questions;
      if (!first) throw new Error('The lab asks nothing.');
      const wrong = wrongAnswer(first);
      await answer(driver, first, wrong.answer);
      expect(await card(driver, first).textContent()).toContain(plain(wrong.explanation));
      await driver.button(`Try again: ${first.text}`).press('Enter');
      await card(driver, first).locator('.verdict-row').waitFor({ state: 'detached' });
      for (const question of questions) {
        await answer(driver, question, rightAnswer(question));
        await card(driver, question).locator('.badge.passed').waitFor();
      }
      await driver.panel.getByText(`${questions.length} of ${questions.length} right`).first().waitFor();
      if (left > 0) await askOthers(driver, left);
    });

    step(8 + exercises.length, 'shows in the tree that all is done, and has asked nobody outside this machine', async (_driver, bench) => {
      const all = exercises.length + 1;
      await (await bench.treeItem(new RegExp(`Lab: ${lab.title}, ${all} of ${all} done`))).waitFor();
      expect(bench.outsideHosts()).toEqual([]);
      await bench.closeEditors();
      await eventually(() => runners(bench)).toEqual([]);
    });
  });
}

/** Asks for what is left of the pool: other questions, none answered, and what was done stays done. */
async function askOthers(driver: LabDriver, left: number): Promise<void> {
  await driver.button(`Ask me ${left} more`).press('Enter');
  await driver.panel.getByText(/^0 of \d+ right/).first().waitFor();
  const { lab, quiz } = driver.folder;
  for (const { id } of quizRound(lab.id, quiz, 1).questions) await driver.panel.locator(`#question-${id}`).waitFor();
}

/** Keeps every message that the page gets from here on. */
async function watchMessages(driver: LabDriver): Promise<void> {
  await driver.panel.locator('html').evaluate(() => {
    const kept: string[] = [];
    Object.assign(window, { kept });
    addEventListener('message', ({ data }) => kept.push(JSON.stringify(data)));
  });
}

const messages = (driver: LabDriver): Promise<string> => driver.panel.locator('html').evaluate(() => (window as unknown as { kept: string[] }).kept.join(' '));

/** Command lines of this workbench's runners, which it knows by their temporary folder. */
function runners(bench: Workbench): string[] {
  const { stdout } = spawnSync('ps', ['axeww', '-o', 'args='], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return stdout.split('\n').filter((line) => line.includes('runner.cjs') && line.includes(bench.temporary));
}

/** True where a server on `port` takes a request and answers it: HTTP, and long enough for one that counts bytes. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Padding: ${'x'.repeat(4000)}\r\n\r\n`));
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('data', () => socket.destroy());
  });
}
