import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PanelSnapshot } from '../../../src/shared/protocol.ts';
import { retryTrace } from '../../unit/webview/retriesTrace.ts';
import { measuredServers, serversTrace } from '../../unit/webview/serversTrace.ts';
import { PanelPages } from './panelPage.ts';
import { freshSnapshot, workedSnapshot } from './sampleSnapshot.ts';
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

const send = (page: Page, change: Partial<PanelSnapshot>): Promise<void> => page.evaluate((one) => (window as unknown as { send(change: object): void }).send(one), change);

describe('all intents of a run', () => {
  const cell = (page: Page, side: number, intent: number): ReturnType<Page['locator']> => page.locator(`#simulation-intents-${side}-intent-${intent - 1}`);
  const ladder = (page: Page): Promise<string | null> => page.locator('svg[aria-label^="Intent "]').getAttribute('aria-label');
  const open = async (theme: keyof typeof THEMES = 'dark', width = 1200): Promise<Page> => {
    const page = await pages.open({ theme, width, step: 'simulate' });
    const { trace } = retryTrace({ intents: 20, reply_loss: 0.3, seed: 6 });
    await send(page, { lab: { ...freshSnapshot().lab, diagram: 'retries' }, simulation: { state: 'done', trace, quantities: [] } });
    await cell(page, 0, 20).waitFor();
    return page;
  };

  it('are to choose from by mouse and by keyboard, and the one that is chosen is played', async () => {
    const page = await open();
    await cell(page, 0, 7).click();
    await expect.poll(() => ladder(page)).toMatch(/^Intent 7:/);
    await page.mouse.move(0, 0);
    await page.locator('.picture-frame').first().focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await expect.poll(() => ladder(page)).toMatch(/^Intent 20:/);
    await page.keyboard.press('Home');
    await page.keyboard.press(' ');
    await expect.poll(() => ladder(page)).toMatch(/^Intent 1:/);
    expect(await page.locator('#simulation-intents-0-card').textContent()).toBe('Intent 1: nothing was sent yet; it is the one below.');
  });

  it('go with the clock, and at its end all are through', async () => {
    const page = await open();
    const summary = (): Promise<string | null> => page.locator('svg[aria-label^="All intents"]').getAttribute('aria-label');
    expect(await summary()).toBe('All intents: 0 of 20 know; 0 charges.');
    await page.locator('.scrubber').press('End');
    await expect.poll(summary).toMatch(/^All intents: (\d+) of 20 know, (\d+) gave up; \d+ charges\.$/);
    const [, knows, gaveUp] = /(\d+) of 20 know, (\d+) gave up/.exec((await summary()) ?? '') ?? [];
    expect(Number(knows) + Number(gaveUp)).toBe(20);
  });

  it.each(Object.keys(THEMES) as (keyof typeof THEMES)[])('are readable and in their width: %s', async (theme) => {
    const page = await open(theme);
    for (const key of ['Home', 'PageUp', 'End']) {
      await page.locator('.scrubber').press(key);
      for (const width of [320, 640, 1200]) {
        await page.setViewportSize({ width, height: 900 });
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        expect(await page.evaluate(stumblingBlocks), `${key} at ${width} px`).toEqual([]);
      }
    }
  });
});

describe('predicted and measured servers', () => {
  it('stand opposite each other, also where one could not be run here', async () => {
    const page = await pages.open({ state: 'worked', step: 'run' });
    const { lab, run } = workedSnapshot();
    if (run.state !== 'done') throw new Error('The sample has a run.');
    await send(page, { lab: { ...lab, diagram: 'patterns' }, run: { ...run, predicted: serversTrace(), measured: measuredServers(['primary']) } });
    await page.locator('.side.measured .multiples svg').first().waitFor();
    const places = (side: string): Promise<(readonly [title: string | undefined, top: number])[]> =>
      page.locator(`.side.${side} .multiples svg`).evaluateAll((all) => all.map((svg) => [svg.getAttribute('aria-label')?.split(':')[0], Math.round(svg.getBoundingClientRect().top)] as const));
    expect(await places('predicted')).toHaveLength(5);
    expect(await places('measured')).toEqual(await places('predicted'));
    expect(await page.locator('.side.measured svg[aria-label^="A primary hands out"]').getAttribute('aria-label')).toBe('A primary hands out: Not run here, simulated only: the table above says why.');
  });
});
