import { HumanError } from '../shared/errors.ts';
import type { Question } from '../shared/lab.ts';
import type { QuestionView, QuizAnswer, QuizVerdict } from '../shared/protocol.ts';

/** A question as the panel may see it: without the key. */
export function questionView(question: Question, verdict: QuizVerdict | null): QuestionView {
  const { id, kind, text } = question;
  if (kind === 'numeric') return { id, kind, text, unit: question.unit, options: [], verdict };
  return { id, kind, text, options: question.options.map((option) => ({ id: option.id, text: option.text })), verdict };
}

/**
 * Judges an answer. The explanations are those of the options chosen; once the answer is right, of all.
 * Throws a HumanError for an answer that does not fit the question.
 */
export function answerQuestion(question: Question, answer: QuizAnswer): QuizVerdict {
  if (question.kind === 'numeric') return judgeNumber(question, answer);
  if (!('options' in answer)) throw new HumanError('This question is answered by choosing options.');
  const chosen = new Set(answer.options);
  if (chosen.size === 0) throw new HumanError('Choose an answer first.');
  if (question.kind === 'single' && chosen.size > 1) throw new HumanError('Choose one answer.');
  for (const id of chosen) if (!question.options.some((option) => option.id === id)) throw new HumanError(`There is no option "${id}".`);
  const correct = question.options.every((option) => option.correct === chosen.has(option.id));
  const explained = question.options.filter((option) => correct || chosen.has(option.id));
  return { answer, correct, explanations: Object.fromEntries(explained.map((option) => [option.id, { correct: option.correct, text: option.explanation }])) };
}

function judgeNumber(question: Extract<Question, { kind: 'numeric' }>, answer: QuizAnswer): QuizVerdict {
  if (!('number' in answer) || !Number.isFinite(answer.number)) throw new HumanError('This question is answered with a number.');
  const correct = Math.abs(answer.number - question.answer) <= question.tolerance;
  const mistake = question.mistakes?.find((known) => known.answer === answer.number);
  const text = correct ? question.explanation : (mistake?.explanation ?? 'Not that. Look at the simulation again: it shows this number.');
  return { answer, correct, explanations: { answer: { correct, text } } };
}
