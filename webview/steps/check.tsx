import type { JSX } from 'preact';
import { useStore } from '../context.ts';
import type { StepProps } from './stepProps.ts';
import { QuestionCard } from '../quiz/question.tsx';
import { Button } from '../ui/controls.tsx';
import { Notice } from '../ui/icon.tsx';

/** Step 5: the quiz on why. */
export function CheckStep({ snapshot, state }: StepProps): JSX.Element {
  const store = useStore();
  const { quiz, quizLeft, lab } = snapshot;
  const right = quiz.filter((question) => question.verdict?.correct === true).length;
  const answered = quiz.filter((question) => question.verdict !== null).length;
  const next = lab.next;
  return (
    <>
      <h2>Check</h2>
      <p>
        <strong>
          {right} of {quiz.length} right
        </strong>
        {answered > right ? `, ${answered - right} to try again` : ''}
        {answered < quiz.length ? `, ${quiz.length - answered} open` : ''}.
      </p>
      <ol class="questions">
        {quiz.map((question) => (
          <li key={question.id} class="card">
            <QuestionCard question={question} choice={state.local.choices[question.id] ?? null} />
          </li>
        ))}
      </ol>
      {quiz.length > 0 && right === quiz.length && (
        <>
          <Notice icon="check" tone="good">
            All right. You can now explain it to someone else: that is the test that counts.
          </Notice>
          <div class="actions">
            {next && (
              <Button primary onClick={() => void store.request('startLab', { lab: next.id })}>
                Next lab: {next.title}
              </Button>
            )}
            {quizLeft > 0 && <Button onClick={() => void store.request('askOthers', {})}>Ask me {quizLeft} more</Button>}
          </div>
        </>
      )}
    </>
  );
}
