import type { Locator } from 'playwright-core';
import { questionView } from '../../src/labs/quiz.ts';
import type { Question } from '../../src/shared/lab.ts';
import type { LabDriver } from './lab.ts';

/** An answer as the panel takes it: ids of options, or a number typed. */
type Answer = { readonly options: readonly string[] } | { readonly number: number };

/** The right answer of a question. */
export function rightAnswer(question: Question): Answer {
  if (question.kind === 'numeric') return { number: question.answer };
  return { options: question.options.filter(({ correct }) => correct).map(({ id }) => id) };
}

/** A wrong one, and what must be said of it. */
export function wrongAnswer(question: Question): { readonly answer: Answer; readonly explanation: string } {
  if (question.kind === 'numeric') {
    const mistake = question.mistakes?.[0];
    return mistake ? { answer: { number: mistake.answer }, explanation: mistake.explanation } : { answer: { number: question.answer + question.tolerance + 1 }, explanation: 'Not that.' };
  }
  const option = question.options.find(({ correct }) => !correct) ?? question.options[0];
  if (!option) throw new Error(`Question ${question.id} has no options.`);
  return { answer: { options: [option.id] }, explanation: option.explanation };
}

/** Every explanation and sentence of a lab that is an answer, which the page must not have before it is earned. */
export function keyOf(questions: readonly Question[]): readonly string[] {
  return questions.flatMap((question) =>
    question.kind === 'numeric' ? [question.explanation, ...(question.mistakes ?? []).map(({ explanation }) => explanation)] : question.options.map(({ explanation }) => explanation),
  );
}

export function card(driver: LabDriver, question: Question): Locator {
  const { bench, panel } = driver;
  return panel.locator('.question-card').filter({ has: bench.page.locator(`#question-${question.id}`) });
}

/** Chooses or types an answer by keyboard and sends it. */
export async function answer(driver: LabDriver, question: Question, given: Answer): Promise<void> {
  const asked = card(driver, question);
  const { keyboard } = driver.bench.page;
  if ('number' in given) {
    // Not by Ctrl+A: VS Code selects all of a webview a moment later, and the next key would replace what was typed.
    await asked.locator('vscode-text-field input').fill('');
    await keyboard.type(String(given.number));
    await keyboard.press('Enter');
  } else if (question.kind !== 'numeric') {
    const control = question.kind === 'single' ? 'vscode-radio' : 'vscode-checkbox';
    for (const id of given.options) {
      const option = asked.locator(control).nth(questionView(question, null).options.findIndex((each) => each.id === id));
      await option.press('Space');
      await option.and(asked.locator('[aria-checked=true]')).waitFor();
    }
    await driver.button(`Answer: ${question.text}`).press('Enter');
  }
  await asked.locator('.verdict-row').waitFor();
}
