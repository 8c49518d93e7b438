import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FrameLocator, Locator } from 'playwright-core';
import { loadCatalog, type ExerciseFolder, type LabFolder } from '../../src/catalog/catalog.ts';
import { learnerPath } from '../../src/catalog/learnerFiles.ts';
import { STEPS, type Step } from '../../src/shared/protocol.ts';
import type { Workbench } from './workbench.ts';

/** How long a real run or a grading may take here, in milliseconds, on a machine that does other things too. */
export const REAL_MS = 90_000;

/** The labs that are complete; the catalog's own tests tell why another is not. */
export async function completeLabs(): Promise<readonly LabFolder[]> {
  return (await loadCatalog([fileURLToPath(new URL('../../labs', import.meta.url))])).labs;
}

/** A row of the table of predicted and measured, as it can be read. */
export interface Row {
  readonly label: string;
  readonly outcome: string;
  readonly predicted: string;
  readonly measured: string;
  readonly verdict: string;
}

/** Does a lab's five steps in a workbench, as a learner does them; what to type and to answer is read from the lab's folder. */
export class LabDriver {
  constructor(
    readonly bench: Workbench,
    readonly folder: LabFolder,
  ) {}

  get panel(): FrameLocator {
    return this.bench.webview;
  }

  /** Command palette, then the list of labs. What was open is closed, so that the panel is the only one. */
  async start(): Promise<void> {
    await this.bench.closeEditors();
    await this.bench.command('Backend Labs: Start Lab…');
    await this.bench.chooseFrom('Choose a lab', this.folder.lab.title);
    await this.panel.getByRole('heading', { level: 1, name: this.folder.lab.title }).waitFor({ timeout: 30_000 });
  }

  tab(step: Step): Locator {
    return this.panel.locator(`#tab-${step}`);
  }

  /** Goes to a step by the arrow keys, from the tab of the one that is shown. */
  async show(step: Step): Promise<void> {
    const shown = await this.panel.locator('[role=tab][aria-selected=true]').getAttribute('id');
    const from = STEPS.findIndex((each) => shown === `tab-${each}`);
    for (let at = from; at !== STEPS.indexOf(step); ) {
      const [key, to] = at < STEPS.indexOf(step) ? ['ArrowRight', at + 1] : ['ArrowLeft', at - 1];
      await this.tab(STEPS[at] as Step).press(key);
      await this.panel.locator(`#tab-${STEPS[to]}[aria-selected=true]`).waitFor();
      at = to;
    }
  }

  /** A button by its whole name. */
  button(name: string | RegExp): Locator {
    return this.panel.getByRole('button', { name, exact: true });
  }

  /** A number within each question's range, typed; Enter in the last field submits them all. */
  async predict(): Promise<ReadonlyMap<string, number>> {
    const said = new Map(this.folder.lab.predictions.map(({ id, minimum, maximum }) => [id, Math.round((minimum + maximum) / 2)]));
    for (const [id, value] of said) {
      await this.panel.locator(`#prediction-${id} input`).focus();
      await this.bench.page.keyboard.type(String(value));
    }
    await this.bench.page.keyboard.press('Enter');
    await this.button('Go on to the simulation').waitFor();
    return said;
  }

  /** Chooses a preset by keyboard. */
  async choosePreset(title: string): Promise<void> {
    const preset = this.panel.locator('button.preset').filter({ hasText: new RegExp(`^${escaped(title)}$`) });
    await preset.press('Enter');
    await this.panel.locator('button.preset[aria-pressed=true]').filter({ hasText: title }).waitFor();
  }

  get clock(): Locator {
    return this.panel.locator('.clock').first();
  }

  get scrubber(): Locator {
    return this.panel.locator('.scrubber').first();
  }

  /** The event that the player is at, and the last one. */
  async moment(): Promise<{ readonly at: number; readonly last: number }> {
    const [, at, last] = /event (\d+) of (\d+)/.exec((await this.clock.textContent()) ?? '') ?? [];
    return { at: Number(at), last: Number(last) };
  }

  /** Runs for real and waits until the table of predicted and measured stands. */
  async run(): Promise<readonly Row[]> {
    await this.button(/^Run (for real|again)$/).first().press('Enter');
    await this.button('Cancel').waitFor();
    await this.button('Run again').waitFor({ timeout: REAL_MS });
    return this.rows();
  }

  async rows(): Promise<readonly Row[]> {
    const rows = await this.panel
      .locator('table.comparisons tbody tr')
      .evaluateAll((all) => all.map((row) => [row.className, ...['th', '[data-label=Predicted]', '[data-label=Measured]', '.verdict'].map((cell) => (row.querySelector(cell)?.textContent ?? '').trim())]));
    return rows.map(([outcome = '', label = '', predicted = '', measured = '', verdict = '']) => ({ outcome, label, predicted, measured, verdict }));
  }

  exercise({ exercise }: ExerciseFolder): Locator {
    return this.panel.locator('article.exercise').filter({ has: this.bench.page.locator(`#exercise-${exercise.id}`) });
  }

  /** Opens an exercise's file from the panel; its editor comes beside. */
  async openExercise(exercise: ExerciseFolder): Promise<Locator> {
    await this.button(new RegExp(`^(Start|Open): ${escaped(exercise.exercise.title)}$`)).press('Enter');
    const editor = this.editor(exercise);
    await editor.locator('.codelens-decoration').filter({ hasText: 'Grade' }).waitFor({ timeout: 30_000 });
    return editor;
  }

  editor(exercise: ExerciseFolder): Locator {
    return this.bench.page.locator(`.monaco-editor[data-uri$="${exercise.lab}/${exercise.exercise.id}.ts"]`).first();
  }

  /** Grades by the link above the first line, and waits for the panel to say how it ended. */
  async gradeByCodeLens(exercise: ExerciseFolder, outcome: 'failed' | 'passed'): Promise<void> {
    const lens = this.editor(exercise).locator('.codelens-decoration a').filter({ hasText: 'Grade' });
    await lens.click();
    await this.exercise(exercise).locator(`.badge.${outcome}`).waitFor({ timeout: REAL_MS });
    await lens.waitFor();
  }

  /** Replaces the editor's text, and does not save it. */
  async type(exercise: ExerciseFolder, text: string): Promise<void> {
    const dirty = this.bench.page.locator('.tab.dirty').filter({ hasText: `${exercise.exercise.id}.ts` });
    // A view that closes late takes the focus along; the text replaces all there is, however often it is pasted.
    for (let tries = 0; tries < 6 && !(await dirty.isVisible()); tries++) {
      await this.editor(exercise).locator('.view-line').first().click();
      await this.bench.page.keyboard.press('Control+A');
      await this.bench.paste(text);
      await dirty.waitFor({ timeout: 5000 }).catch(() => undefined);
    }
    await dirty.waitFor();
    await this.bench.page.keyboard.press('Control+Home'); // where Grade is
  }

  /** The whole of the panel's frame, for a picture. */
  get whole(): Locator {
    return this.bench.page.locator('iframe.webview.ready');
  }

  /** Waits until the panel has been drawn as it is now; it must be in sight, since nothing is drawn that is not. */
  async drawn(): Promise<void> {
    await this.panel.locator('html').evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  }

  /** Closes what stands beside the panel. */
  async panelAlone(): Promise<void> {
    await this.bench.page.getByRole('tab', { name: this.folder.lab.title }).first().click();
    await this.bench.command('View: Close Editors in Other Groups');
    await this.bench.page.locator('.editor-group-container').nth(1).waitFor({ state: 'detached' });
  }

  solution({ dir }: ExerciseFolder): string {
    return readFileSync(join(dir, 'solution.ts'), 'utf8');
  }

  /** The learner's file as it is on disk. */
  saved(exercise: ExerciseFolder): string {
    return readFileSync(learnerPath(this.bench.folder, exercise), 'utf8');
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A text as the panel shows it: code stands between no backticks there. */
export function plain(text: string): string {
  return text.replaceAll('`', '');
}
