import { HumanError } from '../shared/errors.ts';
import type { Question, Quiz } from '../shared/lab.ts';
import type { QuestionView, QuizAnswer, QuizVerdict } from '../shared/protocol.ts';

/** One round of a quiz. */
export interface QuizRound {
  /** In the order of the file. */
  readonly questions: readonly Question[];
  /** How many of the pool come in later rounds. */
  readonly left: number;
}

/**
 * What a round asks, the first being 0: so many questions of the pool as the quiz says, none twice until all were asked. Which ones come first
 * says nothing of where they stand in the file, and is the same for everybody. After the last round it is the last one.
 */
export function quizRound(lab: string, { questions, ask = questions.length }: Quiz, round: number): QuizRound {
  const drawn = questions.toSorted((a, b) => place(lab, a.id) - place(lab, b.id));
  const last = Math.ceil(drawn.length / ask) - 1;
  const from = Math.min(round, last) * ask;
  const asked = new Set(drawn.slice(from, from + ask));
  return { questions: questions.filter((question) => asked.has(question)), left: Math.max(0, drawn.length - from - ask) };
}

/**
 * A question as the panel may see it: without the key, and with its options in an order that says nothing of who wrote
 * them down first. It is the same order each time, so that what was read stays where it was.
 */
export function questionView(question: Question, verdict: QuizVerdict | null): QuestionView {
  const { id, kind, text } = question;
  if (kind === 'numeric') return { id, kind, text, unit: question.unit, options: [], verdict };
  const options = question.options.map((option) => ({ id: option.id, text: option.text }));
  return { id, kind, text, options: options.sort((a, b) => place(id, a.id) - place(id, b.id)), verdict };
}

/** Where one comes to stand among the others, an option of a question or a question of a lab: a hash of both names (FNV-1a, 32 bits, with a last mixing as in MurmurHash3). */
function place(among: string, one: string): number {
  let hash = 0x811c9dc5;
  for (const character of `${among}/${one}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
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
