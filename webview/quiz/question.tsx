import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { QuestionView, QuizAnswer } from '../../src/shared/protocol.ts';
import { useStore } from '../context.ts';
import { readNumber } from '../steps/readNumber.ts';
import { Button, CheckboxGroup, RadioGroup, TextField } from '../ui/controls.tsx';
import { Icon } from '../ui/icon.tsx';
import { PlainProse } from '../ui/plainProse.tsx';
import { Prose } from '../ui/prose.tsx';

interface Props {
  readonly question: QuestionView;
  /** Chosen here and not yet sent. */
  readonly choice: QuizAnswer | null;
}

/** One question; once answered, why what was chosen is right or wrong. The key stays in the host. */
export function QuestionCard({ question, choice }: Props): JSX.Element {
  const store = useStore();
  const { id, text, verdict } = question;
  const choose = (answer: QuizAnswer): void => store.updateLocal({ choices: { ...store.get().local.choices, [id]: answer } });
  return (
    <div class="question-card">
      <p class="question" id={`question-${id}`}>
        <Prose text={text} />
      </p>
      {question.kind === 'multiple' && verdict === null && <p class="quiet">Choose all that hold.</p>}
      {verdict ? <Answered question={question} /> : question.kind === 'numeric' ? <NumericAnswer question={question} /> : <OptionAnswer question={question} choice={choice} onChoose={choose} />}
    </div>
  );
}

function OptionAnswer({ question, choice, onChoose }: { readonly question: QuestionView; readonly choice: QuizAnswer | null; readonly onChoose: (answer: QuizAnswer) => void }): JSX.Element {
  const store = useStore();
  const chosen = choice && 'options' in choice ? choice.options : [];
  const Group = question.kind === 'single' ? RadioGroup : CheckboxGroup;
  return (
    <>
      <Group name={question.id} label={question.text} options={question.options.map((option) => ({ id: option.id, text: <PlainProse text={option.text} /> }))} chosen={chosen} onChange={(options) => onChoose({ options })} />
      <div class="actions">
        <Button disabled={chosen.length === 0} label={`Answer: ${question.text}`} onClick={() => void store.request('answerQuiz', { question: question.id, answer: { options: chosen } })}>
          Answer
        </Button>
      </div>
    </>
  );
}

function NumericAnswer({ question }: { readonly question: QuestionView }): JSX.Element {
  const store = useStore();
  const [tried, setTried] = useState(false);
  const typed = (): string => store.get().local.predictions[`quiz-${question.id}`] ?? '';
  const readTyped = (): ReturnType<typeof readNumber> => readNumber(typed(), { minimum: -Infinity, maximum: Infinity });
  // Read when it is sent: Enter may follow the last digit before this was drawn anew.
  const submit = (): void => {
    const reading = readTyped();
    setTried('problem' in reading);
    if ('value' in reading) void store.request('answerQuiz', { question: question.id, answer: { number: reading.value } });
  };
  const wrong = tried && 'problem' in readTyped();
  const type = (value: string): void => store.updateLocal({ predictions: { ...store.get().local.predictions, [`quiz-${question.id}`]: value } });
  return (
    <>
      <div class="answer-row">
        <TextField id={`quiz-${question.id}`} label={question.text} value={typed()} invalid={wrong} onInput={type} onEnter={submit} />
        <span class="unit">{question.unit}</span>
        <Button label={`Answer: ${question.text}`} onClick={submit}>
          Answer
        </Button>
      </div>
      {wrong && <p class="problem">Type a number.</p>}
    </>
  );
}

function Answered({ question }: { readonly question: QuestionView }): JSX.Element {
  const store = useStore();
  const verdict = question.verdict as NonNullable<QuestionView['verdict']>;
  const chosen = 'options' in verdict.answer ? verdict.answer.options : [];
  const explanation = verdict.explanations.answer;
  return (
    <>
      {'number' in verdict.answer ? (
        <p>
          You answered{' '}
          <strong>
            {verdict.answer.number} {question.unit}
          </strong>
          .
        </p>
      ) : (
        <ul class="options">
          {question.options.map((option) => {
            const told = verdict.explanations[option.id];
            const picked = chosen.includes(option.id);
            return (
              <li key={option.id} class={told ? (told.correct ? 'right' : 'wrong') : ''}>
                <p class="with-icon">
                  <Icon name={told ? (told.correct ? 'check' : 'cross') : 'open'} />
                  <span>
                    <Prose text={option.text} />
                    {picked && <span class="quiet"> (you chose this{told ? `: ${told.correct ? 'holds' : 'does not hold'}` : ''})</span>}
                  </span>
                </p>
                {told && (
                  <p class="explanation">
                    <Prose text={told.text} />
                  </p>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {explanation && 'number' in verdict.answer && (
        <p class="explanation">
          <Prose text={explanation.text} />
        </p>
      )}
      <div class="verdict-row" role="status">
        <span class={`badge ${verdict.correct ? 'passed' : 'failed'}`}>
          <Icon name={verdict.correct ? 'check' : 'cross'} />
          {verdict.correct ? 'right' : 'not right yet'}
        </span>
        {!verdict.correct && (
          <Button label={`Try again: ${question.text}`} onClick={() => void store.request('retryQuiz', { question: question.id })}>
            Try again
          </Button>
        )}
      </div>
    </>
  );
}
