import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { XraySnapshot } from '../../../src/shared/xray/view.ts';
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

const requests = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as { sent: { type: string; method?: string }[] }).sent.flatMap(({ method }) => method ?? []));
const send = (page: Page, change: Partial<XraySnapshot>): Promise<void> => page.evaluate((sent) => (window as unknown as { send: (change: unknown) => void }).send(sent), change);

describe('the X-ray in each theme', () => {
  it.each(Object.keys(THEMES) as (keyof typeof THEMES)[])('is readable, named and in its width, narrow and wide: %s', async (theme) => {
    const blocks: string[] = [];
    for (const sample of ['nginx', 'notPermitted'] as const) {
      const page = await pages.openXray({ theme, sample });
      await page.getByText('Show all of it as tables').click();
      await page.locator('table').first().waitFor();
      for (const width of [320, 640, 1200]) {
        await page.setViewportSize({ width, height: 900 });
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        blocks.push(...(await page.evaluate(stumblingBlocks)).map((block) => `${sample} at ${width} px: ${block}`));
      }
    }
    expect(blocks).toEqual([]);
  });
});

describe('what the reader does', () => {
  it('goes through sockets and processes with the arrow keys', async () => {
    const page = await pages.openXray({ sample: 'redis' });
    const card = page.locator('#outline-card');
    await page.locator('.picture-frame').first().focus();
    await expect.poll(() => card.textContent()).toContain('Socket A, inode 9, listens on 127.0.0.1:6379');
    await page.keyboard.press('End');
    await expect.poll(() => card.textContent()).toContain('redis-rdb-bgsave 127.0.0.1:6379: process 11');
  });

  it('pauses and goes on; meanwhile the picture stands still and its age grows', async () => {
    const page = await pages.openXray({ patch: { ageMs: 0 } });
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused: what is shown stands still').waitFor();
    const age = page.locator('.age');
    await expect.poll(() => age.textContent(), { timeout: 5000 }).toMatch(/^[1-9].* s ago$/);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    expect(await requests(page)).toEqual(['pause', 'resume']);
  });

  it('is told when a request is refused', async () => {
    const page = await pages.openXray({ refuse: 'Not now.' });
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Not now.').waitFor();
  });
});

describe('what is said', () => {
  it.each([
    ['a process that ended', { state: 'ended' }, 'nginx (process 10) has ended. What is shown is its last sample.'],
    ['a look that failed', { state: 'failed', problem: 'The disk is on fire.' }, 'The disk is on fire. What is shown is the last sample.'],
    ['processes that came and went', { changes: [{ atMs: 58_000, pid: 77, title: 'redis-rdb-bgsave', change: 'ended' }] }, 'redis-rdb-bgsave (process 77) ended 2.0 s ago'],
  ] as const)('%s is a sentence', async (_, patch, sentence) => {
    const page = await pages.openXray({ patch });
    await page.getByText(sentence).waitFor();
  });

  it('is a first look under way, and then what it gave', async () => {
    const page = await pages.openXray({ patch: { state: 'looking' } });
    await page.getByText('Looking at the process…').waitFor();
    await send(page, { state: 'live' });
    await page.getByText('Pre-forked processes on one listening socket').waitFor();
  });
});

it('complains of nothing under the strict policy', () => {
  expect(pages.complaints).toEqual([]);
});
