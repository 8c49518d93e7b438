import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/catalog.ts';
import { answerQuestion, questionView, quizRound } from '../../../src/labs/quiz.ts';
import type { Question } from '../../../src/shared/lab.ts';

const option = (id: string, correct: boolean) => ({ id, text: `text ${id}`, correct, explanation: `because ${id}` });
const single: Question = { id: 's', kind: 'single', text: '?', options: [option('a', false), option('b', true)] };
const multiple: Question = { id: 'm', kind: 'multiple', text: '?', options: [option('a', true), option('b', false), option('c', true)] };
const numeric: Question = { id: 'n', kind: 'numeric', text: '?', unit: 's', answer: 17, tolerance: 1, explanation: 'so', mistakes: [{ answer: 15, explanation: 'one off' }] };

describe('a quiz', () => {
  it('has its options in an order that does not give the right one away, the same each time', async () => {
    const { labs } = await loadCatalog([fileURLToPath(new URL('../../../labs', import.meta.url))]);
    const asked = labs.flatMap(({ quiz }) => quiz.questions).filter((question) => question.kind === 'single' && question.options.length === 4);
    const places = [0, 0, 0, 0];
    for (const question of asked) {
      if (question.kind !== 'single') continue;
      const right = question.options.find(({ correct }) => correct)?.id;
      const order = questionView(question, null).options.map(({ id }) => id);
      expect([...order].sort()).toEqual(question.options.map(({ id }) => id).sort());
      expect(questionView(question, null).options.map(({ id }) => id)).toEqual(order);
      places[order.indexOf(right ?? '')]! += 1 / asked.length;
    }
    for (const share of places) expect(share).toBeGreaterThan(0.1);
    for (const share of places) expect(share).toBeLessThan(0.45);
  });

  it('is drawn from its pool, none twice until all were asked, and then stays at the last', () => {
    const pool = Array.from({ length: 14 }, (_, i): Question => ({ ...single, id: `q${i}` }));
    const rounds = [0, 1, 2].map((round) => quizRound('05', { ask: 8, questions: pool }, round));
    expect(rounds.map(({ questions, left }) => [questions.length, left])).toEqual([[8, 6], [6, 0], [6, 0]]);
    expect(new Set(rounds.slice(0, 2).flatMap(({ questions }) => questions))).toEqual(new Set(pool));
    const places = rounds[0]?.questions.map((question) => pool.indexOf(question)) ?? [];
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(quizRound('06', { ask: 8, questions: pool }, 0).questions).not.toEqual(rounds[0]?.questions);
  });

  it('asks all where it does not say how many, or has no more', () => {
    expect(quizRound('05', { questions: [single, multiple, numeric] }, 0)).toEqual({ questions: [single, multiple, numeric], left: 0 });
    expect(quizRound('05', { ask: 8, questions: [single, numeric] }, 3)).toEqual({ questions: [single, numeric], left: 0 });
  });

  it('asks at least eight at a time in every lab, of a pool that has more', async () => {
    const { labs } = await loadCatalog([fileURLToPath(new URL('../../../labs', import.meta.url))]);
    for (const { lab, quiz } of labs) {
      const { questions, left } = quizRound(lab.id, quiz, 0);
      expect(questions.length, lab.id).toBeGreaterThanOrEqual(8);
      expect(left, lab.id).toBeGreaterThan(0);
    }
  });

  it('shows a question without its key', () => {
    for (const question of [single, multiple, numeric]) {
      expect(JSON.stringify(questionView(question, null))).not.toMatch(/correct|because|17|explanation/);
    }
  });

  it('explains the option that was chosen, and not the others, while the answer is wrong', () => {
    expect(answerQuestion(single, { options: ['a'] })).toMatchObject({ correct: false, explanations: { a: { correct: false, text: 'because a' } } });
    expect(Object.keys(answerQuestion(single, { options: ['a'] }).explanations)).toEqual(['a']);
  });

  it('explains every option once the answer is right', () => {
    const verdict = answerQuestion(single, { options: ['b'] });
    expect(verdict.correct).toBe(true);
    expect(Object.keys(verdict.explanations)).toEqual(['a', 'b']);
  });

  it.each([
    [['a', 'c'], true],
    [['c', 'a'], true],
    [['a'], false],
    [['a', 'b', 'c'], false],
  ])('asks a multiple choice for exactly the right ones: %j is %s', (options, correct) => {
    expect(answerQuestion(multiple, { options }).correct).toBe(correct);
  });

  it.each([
    [17, true, 'so'],
    [18, true, 'so'],
    [18.01, false, 'simulation'],
    [15, false, 'one off'],
  ])('takes the number %d as %s', (number, correct, text) => {
    const verdict = answerQuestion(numeric, { number });
    expect(verdict.correct).toBe(correct);
    expect(verdict.explanations.answer?.text).toContain(text);
  });

  it.each([
    [single, { options: [] }],
    [single, { options: ['a', 'b'] }],
    [single, { options: ['nowhere'] }],
    [single, { number: 3 }],
    [numeric, { options: ['a'] }],
    [numeric, { number: Number.NaN }],
  ] as const)('refuses an answer that does not fit', (question, answer) => {
    expect(() => answerQuestion(question, answer)).toThrow();
  });
});
