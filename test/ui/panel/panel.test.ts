import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FromPanel } from '../../../src/shared/protocol.ts';
import { STEPS } from '../../../src/shared/protocol.ts';
import { PanelPages } from './panelPage.ts';
import { THEMES } from './themes.ts';
import { stumblingBlocks } from './walk.ts';

let pages: PanelPages;
beforeAll(async () => {
  pages = await PanelPages.start();
});
afterEach(async () => {
  await pages.closePages();
});
afterAll(async () => {
  await pages.close();
});

const sentBy = (page: Page): Promise<FromPanel[]> => page.evaluate(() => (window as unknown as { sent: FromPanel[] }).sent);
const requests = async (page: Page): Promise<string[]> => (await sentBy(page)).flatMap((message) => (message.type === 'request' ? [message.method] : []));

describe('each step in each theme', () => {
  const cases = (Object.keys(THEMES) as (keyof typeof THEMES)[]).flatMap((theme) => (['fresh', 'worked'] as const).map((state) => ({ theme, state })));
  it.each(cases)('is readable, named and in its width, narrow and wide: $theme, $state', async ({ theme, state }) => {
    const page = await pages.open({ theme, state });
    const blocks: string[] = [];
    for (const step of STEPS) {
      await page.locator(`#tab-${step}`).click();
      await page.locator(`#tab-${step}[aria-selected="true"]`).waitFor();
      const scrubber = page.locator('.scrubber');
      if ((await scrubber.count()) > 0) for (const key of ['Home', 'PageUp', 'PageUp', 'PageUp']) await scrubber.press(key);
      for (const width of [320, 640, 1200]) {
        await page.setViewportSize({ width, height: 900 });
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        blocks.push(...(await page.evaluate(stumblingBlocks)).map((block) => `${step} at ${width} px: ${block}`));
      }
    }
    expect(blocks).toEqual([]);
  });

  it('would be found wanting, were it so', async () => {
    const page = await pages.open();
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('.planted { position: relative; width: 1300px; color: #555; font-size: 11px } .planted path { stroke: #333 }');
      document.adoptedStyleSheets.push(sheet);
      document.body.insertAdjacentHTML('beforeend', '<div class="planted">faint<svg width="30" height="30"><path d="M0 0L30 30"/></svg><button></button></div>');
    });
    const blocks = (await page.evaluate(stumblingBlocks)).join('\n');
    for (const block of ['text of 11 px', /text at 2\.\d+:1: faint/, /mark at 1\.\d+:1/, 'no name: <button', 'wider than the panel']) expect(blocks).toMatch(block);
  });
});

describe('a narrow panel', () => {
  it('has the picture before the sliders, and what they come to in view while one is moved', async () => {
    const page = await pages.open({ step: 'simulate', width: 320 });
    const topOf = async (selector: string): Promise<number> => (await page.locator(selector).first().boundingBox())?.y ?? NaN;
    const [presets, picture, slider] = [await topOf('.presets'), await topOf('.workbench .picture'), await topOf('.slider')];
    expect(presets).toBeLessThan(picture);
    expect(picture).toBeLessThan(slider);
    await page.locator('.slider').last().scrollIntoViewIfNeeded();
    const takeaway = await topOf('.workbench .takeaway');
    expect(takeaway).toBeGreaterThanOrEqual(0);
    expect(takeaway).toBeLessThan(900);
  });

  it('has the sliders beside the picture where there is room', async () => {
    const page = await pages.open({ step: 'simulate', width: 1200 });
    const [settings, stage] = await Promise.all(['.settings', '.stage'].map((selector) => page.locator(selector).boundingBox()));
    expect((settings?.x ?? 0) + (settings?.width ?? 0)).toBeLessThanOrEqual(stage?.x ?? 0);
    expect(settings?.y ?? 0).toBeLessThan((stage?.y ?? 0) + (stage?.height ?? 0));
  });
});

describe('the keyboard alone', () => {
  it('goes from step to step with one tab stop', async () => {
    const page = await pages.open();
    await page.locator('#tab-predict').focus();
    for (const step of [...STEPS.slice(1), 'predict']) {
      await page.keyboard.press('ArrowRight');
      await page.locator(`#tab-${step}[aria-selected="true"]`).waitFor();
      await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe(`tab-${step}`);
    }
    expect(await page.locator('[role=tab][tabindex="0"]').count()).toBe(1);
  });

  it('steps the player event by event, to the end and back', async () => {
    const page = await pages.open({ step: 'simulate' });
    const clock = page.locator('.clock');
    await page.locator('.scrubber').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => clock.textContent()).toContain('event 2 of');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => clock.textContent()).toContain('event 1 of');
    await page.keyboard.press('End');
    await expect.poll(() => clock.textContent()).toMatch(/event (\d+) of \1$/);
  });

  it('goes through the parts of a picture, keeps one and lets it go', async () => {
    const page = await pages.open({ step: 'simulate' });
    const card = page.locator('#simulation-diagram-0-card');
    await page.locator('.picture-frame').first().focus();
    await expect.poll(() => card.textContent()).toContain('c1 has not started');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => card.textContent()).toContain('c2');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    expect(await card.textContent()).toContain('c2');
    await page.keyboard.press('Escape');
    await expect.poll(() => card.textContent()).toContain('c3');
  });
});

describe('what the reader does', () => {
  it('submits predictions, and is told what is missing', async () => {
    const page = await pages.open();
    await page.locator('vscode-text-field').first().locator('input').fill('4');
    await page.getByText('Submit my predictions').click();
    expect(await page.locator('.problem').count()).toBe(2);
    expect(await requests(page)).toEqual([]);
    await page.locator('vscode-text-field').nth(1).locator('input').fill('99999999');
    expect(await page.locator('.problem').first().textContent()).toMatch(/^Type a number from 0 to/);
    await page.locator('vscode-text-field').nth(1).locator('input').fill('1500');
    await page.locator('vscode-text-field').nth(2).locator('input').fill('3');
    await page.getByText('Submit my predictions').click();
    await expect.poll(() => requests(page)).toEqual(['predict']);
    expect((await sentBy(page)).at(-1)).toMatchObject({ params: { answers: { 'how-many': 4 } } });
  });

  it.each([
    { step: 'predict', field: '#prediction-how-many', typed: '4', skipped: 2, sent: { method: 'predict', params: { answers: { 'how-many': 4 } } } },
    { step: 'check', field: '#quiz-retry', typed: '1', skipped: 0, sent: { method: 'answerQuiz', params: { question: 'retry', answer: { number: 1 } } } },
  ] as const)('has the whole number sent that Enter follows at once, before anything was drawn anew: $step', async ({ step, field, typed, skipped, sent }) => {
    const page = await pages.open({ step });
    for (let i = 0; i < skipped; i++) await page.getByText('Skip', { exact: true }).last().click();
    await page.locator(field).waitFor();
    await page.locator(field).evaluate((host, text) => {
      const input = host.shadowRoot?.querySelector('input');
      if (!input) throw new Error('The field has no input.');
      input.value = text;
      input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true }));
    }, typed);
    await expect.poll(async () => (await sentBy(page)).at(-1)).toMatchObject(sent);
  });

  it('sees a moved slider in the picture, and asks no more often than frames come', async () => {
    const page = await pages.open({ step: 'simulate' });
    const slider = page.locator('#slider-backlog');
    await slider.focus();
    for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.locator('.takeaway').textContent()).toContain('All 8 clients');
    await expect.poll(async () => (await sentBy(page)).at(-1)).toMatchObject({ params: { values: { backlog: 24 } } });
    const sent = await sentBy(page);
    expect(sent.filter((message) => message.type === 'request' && message.method === 'setValues').length).toBeLessThanOrEqual(20);
    expect(await slider.inputValue()).toBe('24');
  });

  it('finds the player where it was after a reload, and stopped', async () => {
    const page = await pages.open({ step: 'simulate' });
    for (let i = 0; i < 9; i++) await page.locator('.scrubber').press('ArrowRight');
    await page.getByText('Show all events as a table').click();
    await page.locator('.event-row.now').first().waitFor();
    const before = await page.locator('.clock').textContent();
    await page.waitForFunction(() => sessionStorage.getItem('state')?.includes('"moment":9'));
    await page.reload();
    await page.locator('.event-row.now').first().waitFor();
    expect(await page.locator('.clock').textContent()).toBe(before);
    expect(await page.getByTitle('Play', { exact: true }).count()).toBe(1);
  });

  it('answers a question of each kind; the choice survives a reload before it is sent', async () => {
    const page = await pages.open({ step: 'check' });
    await page.locator('vscode-radio').nth(1).click();
    await page.locator('vscode-checkbox').nth(2).click();
    await page.waitForFunction(() => sessionStorage.getItem('state')?.includes('fd'));
    await page.reload();
    await page.getByText('Answer', { exact: true }).nth(0).click();
    await page.getByText('Answer', { exact: true }).nth(1).click();
    await page.locator('vscode-text-field input').fill('1');
    await page.keyboard.press('Enter');
    await expect.poll(() => requests(page)).toEqual(['answerQuiz', 'answerQuiz', 'answerQuiz']);
    const answers = (await sentBy(page)).flatMap((message) => (message.type === 'request' && message.method === 'answerQuiz' ? [message.params.answer] : []));
    expect(answers).toEqual([{ options: ['accepted'] }, { options: ['fd'] }, { number: 1 }]);
  });

  it('is led from the locked run to the predictions', async () => {
    const page = await pages.open({ step: 'run' });
    await page.getByText('Go to the predictions').click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('tab-predict');
  });

  it('plays only when told, and stops at the end', async () => {
    const page = await pages.open({ step: 'simulate', reducedMotion: false });
    await page.waitForTimeout(300);
    expect(await page.locator('.clock').textContent()).toContain('event 0 of');
    await page.locator('.scrubber').press('End');
    await page.locator('.scrubber').press('ArrowLeft');
    await page.getByTitle('Play', { exact: true }).click();
    await expect.poll(() => page.locator('.clock').textContent(), { timeout: 10_000 }).toMatch(/event (\d+) of \1$/);
    await page.getByTitle('Play', { exact: true }).waitFor();
  });
});

describe('a grading', () => {
  it('brings its exercise into sight, once, and leaves the focus where it is', async () => {
    const page = await pages.open({ state: 'worked', step: 'simulate', width: 640 });
    await page.setViewportSize({ width: 640, height: 300 });
    const send = (times: number): Promise<void> => page.evaluate((count) => (window as unknown as { send(change: object): void }).send({ step: 'fix', lookAt: { exercise: 'shed-load', times: count } }), times);
    const top = (): Promise<number> => page.locator('#exercise-shed-load').evaluate((element) => element.getBoundingClientRect().top);
    await send(1);
    await expect.poll(top).toBeLessThan(300);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
    await page.evaluate(() => scrollTo(0, 0));
    await send(1);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    expect(await top()).toBeGreaterThan(300);
    await send(2);
    await expect.poll(top).toBeLessThan(300);
  });

  it('that failed can be played', async () => {
    const page = await pages.open({ state: 'worked', step: 'fix' });
    const evidence = page.locator('.evidence');
    expect(await evidence.count()).toBe(1);
    await evidence.locator('summary').click();
    await evidence.getByText('Only 11 of 100 clients were connected within 1 s.').waitFor();
    await evidence.locator('.scrubber').press('End');
    await expect.poll(() => evidence.locator('.clock').textContent()).toMatch(/event (\d+) of \1$/);
    expect(await page.evaluate(stumblingBlocks)).toEqual([]);
  });
});

describe('states in between', () => {
  it.each([
    ['a run under way', { run: { state: 'running', message: 'Clients connect', fraction: 0.4 }, runLocked: false }, 'Clients connect (40 %)'],
    ['a run that failed', { run: { state: 'failed', message: 'Port 1 is taken.' }, runLocked: false }, 'The run did not finish. Port 1 is taken.'],
    ['a cancelled run', { run: { state: 'cancelled' }, runLocked: false }, 'The run was cancelled'],
    ['an untrusted workspace', { trusted: false }, 'This workspace is not trusted'],
    ['a server that did not start', { server: { state: 'failed', message: 'No port.' } }, 'The server did not start. No port.'],
  ] as const)('%s is a sentence', async (_, patch, sentence) => {
    const page = await pages.open({ step: 'run', patch });
    await page.getByText(sentence).waitFor();
  });

  it('a simulation that failed is a sentence', async () => {
    const page = await pages.open({ step: 'simulate', patch: { simulation: { state: 'failed', message: 'The backlog is too large.' } } });
    await page.getByText('This situation cannot be simulated. The backlog is too large.').waitFor();
  });

  it('waits for its first snapshot', async () => {
    const page = await pages.open({ state: 'loading' });
    await page.getByText('Loading the lab…').waitFor();
  });
});

it('complains of nothing under the strict policy', () => {
  expect(pages.complaints).toEqual([]);
});
