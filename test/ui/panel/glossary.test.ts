import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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

const marked = (page: Page): Promise<string[]> => page.locator('.term').allTextContents();
const tip = (page: Page): ReturnType<Page['locator']> => page.getByRole('tooltip');
const backlog = (page: Page): ReturnType<Page['locator']> => page.locator('.term', { hasText: /^backlog$/i });

describe('a term of the glossary', () => {
  it.each(STEPS.filter((step) => step !== 'run'))('is marked where it first occurs, once a step, and not in code, controls or names: %s', async (step) => {
    const page = await pages.open({ state: 'worked', step });
    await expect.poll(() => marked(page)).not.toEqual([]);
    const described = await page.locator('.term').evaluateAll((terms) => terms.map((term) => term.getAttribute('aria-describedby')));
    expect(new Set(described).size).toBe(described.length);
    expect(await page.locator(':is(code, a, button, label, summary, [role=radio], vscode-radio, vscode-checkbox, vscode-button, .terms) .term').count()).toBe(0);
    expect(await page.locator('.term:not([tabindex="0"])').count()).toBe(0);
    const before = await page.evaluate(() => {
      const isLater = (term: Element): boolean => [...document.querySelectorAll('#step-content span')].some((other) => other !== term && !other.classList.contains('term') && other.children.length === 0 && other.textContent?.toLowerCase() === term.textContent?.toLowerCase() && (term.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING) !== 0 && other.closest('p, dd, li') !== null && !other.closest('vscode-radio, vscode-checkbox'));
      return [...document.querySelectorAll('.term')].filter(isLater).map((term) => term.textContent);
    });
    expect(before).toEqual([]);
  });

  it('moves its mark to what then comes first, when its first occurrence goes', async () => {
    const predictions = ['One backlog.', 'Another backlog.'].map((question, index) => ({ id: `p${index}`, question, unit: '', minimum: 0, maximum: 1, said: null }));
    const page = await pages.open({ patch: { predictions } });
    const holders = (): Promise<string[]> => page.locator('p:has(> .term)').allTextContents();
    await expect.poll(holders).toEqual(['One backlog.']);
    await page.evaluate((left) => (window as unknown as { send(change: object): void }).send({ predictions: left }), predictions.slice(1));
    await expect.poll(holders).toEqual(['Another backlog.']);
    await page.evaluate((all) => (window as unknown as { send(change: object): void }).send({ predictions: all }), predictions);
    await expect.poll(holders).toEqual(['One backlog.']);
  });

  it('is marked in the task of an exercise too, while that is open', async () => {
    const page = await pages.open({ step: 'fix' });
    await page.getByText('The task').click();
    await expect.poll(() => marked(page)).toContain('backlog');
    const holder = page.locator('.task li:has(.term)').first();
    expect(await holder.textContent()).toContain('is no longer than somaxconn');
    await page.getByText('The task').click();
    await expect.poll(() => holder.count()).toBe(0);
  });

  it('has what it means as its description, for those who do not see it', async () => {
    const page = await pages.open();
    await backlog(page).waitFor();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Accessibility.enable');
    const { nodes } = await devtools.send('Accessibility.getFullAXTree');
    const described = nodes.filter((node) => /^The second argument of listen\(2\)/.test(String(node.description?.value ?? '')));
    expect(described.length).toBe(1);
  });
});

describe('what a term means', () => {
  it('comes with the pointer, stays while the pointer is on it, and goes', async () => {
    const page = await pages.open();
    await backlog(page).hover();
    await tip(page).waitFor();
    expect(await tip(page).textContent()).toMatch(/^backlogThe second argument of listen\(2\)/);
    expect(await tip(page).locator('code').allTextContents()).toContain('accept()');
    await tip(page).hover();
    await page.waitForTimeout(400);
    expect(await tip(page).count()).toBe(1);
    await page.locator('h1').hover();
    await tip(page).waitFor({ state: 'detached' });
  });

  it('comes with the focus, goes with Escape, which keeps the focus, and with the focus', async () => {
    const page = await pages.open();
    await backlog(page).waitFor();
    await page.locator('#tab-predict').focus();
    const isTerm = (): Promise<boolean> => page.evaluate(() => document.activeElement?.classList.contains('term') === true);
    for (let stops = 0; stops < 10 && !(await isTerm()); stops++) await page.keyboard.press('Tab');
    await tip(page).waitFor();
    await page.keyboard.press('Escape');
    await tip(page).waitFor({ state: 'detached' });
    expect(await isTerm()).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    await tip(page).waitFor();
    await page.locator('#tab-predict').focus();
    await tip(page).waitFor({ state: 'detached' });
  });

  it('goes with what it was shown at', async () => {
    const page = await pages.open();
    await backlog(page).hover();
    await tip(page).waitFor();
    await page.evaluate(() => (window as unknown as { send(change: object): void }).send({ step: 'run' }));
    await tip(page).waitFor({ state: 'detached' });
  });

  const cases = (Object.keys(THEMES) as (keyof typeof THEMES)[]).flatMap((theme) => [320, 1200].map((width) => ({ theme, width })));
  it.each(cases)('is readable and within the window, beside each of the terms: $theme, $width px', async ({ theme, width }) => {
    const page = await pages.open({ theme, width, state: 'worked', step: 'check' });
    await expect.poll(() => marked(page)).not.toEqual([]);
    for (const term of await page.locator('.term').all()) {
      await term.focus();
      await tip(page).waitFor();
      const [at, around] = await Promise.all([term.boundingBox(), tip(page).boundingBox()]);
      if (!at || !around) throw new Error('Nothing is shown.');
      expect(around.x).toBeGreaterThanOrEqual(0);
      expect(around.x + around.width).toBeLessThanOrEqual(width);
      expect(around.y + around.height <= at.y || around.y >= at.y + at.height - 22, 'it covers its term').toBe(true);
      expect(await page.evaluate(stumblingBlocks)).toEqual([]);
    }
  });
});

it('complains of nothing under the strict policy', () => {
  expect(pages.complaints).toEqual([]);
});
