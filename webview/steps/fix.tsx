import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ExerciseView, PanelSnapshot } from '../../src/shared/protocol.ts';
import { useStore } from '../context.ts';
import type { StepProps } from './stepProps.ts';
import { Button, ProgressRing } from '../ui/controls.tsx';
import { Icon, Notice, type IconName } from '../ui/icon.tsx';
import { Prose } from '../ui/prose.tsx';
import { Task } from './task.tsx';
import { ReportView } from './report.tsx';

const STATES: Readonly<Record<ExerciseView['state'], { readonly icon: IconName; readonly words: string }>> = {
  'not-started': { icon: 'open', words: 'not started' },
  started: { icon: 'half', words: 'started' },
  failed: { icon: 'cross', words: 'not passed yet' },
  passed: { icon: 'check', words: 'passed' },
};

/** Step 4: the exercises, each with its file, its grading and what the grading found. */
export function FixStep({ snapshot }: StepProps): JSX.Element {
  return (
    <>
      <h2>Fix</h2>
      {!snapshot.trusted && (
        <Notice icon="lock" tone="warn">
          This workspace is not trusted, so nothing is graded here. Trust it to run your code (command "Workspaces: Manage Workspace Trust").
        </Notice>
      )}
      {snapshot.exercises.length === 0 && <p>This lab has no exercises.</p>}
      {snapshot.exercises.map((exercise) => (
        <Exercise key={exercise.id} exercise={exercise} trusted={snapshot.trusted} diagram={snapshot.lab.diagram} lookAt={snapshot.lookAt} />
      ))}
    </>
  );
}

interface ExerciseProps {
  readonly exercise: ExerciseView;
  readonly trusted: boolean;
  readonly diagram: PanelSnapshot['lab']['diagram'];
  readonly lookAt: PanelSnapshot['lookAt'];
}

/** The last time that this page scrolled to an exercise because it was to. */
let looked = 0;

function Exercise({ exercise, trusted, diagram, lookAt }: ExerciseProps): JSX.Element {
  const store = useStore();
  const { id, title, summary, task, points, state, grading, report, hints, moreHints, after } = exercise;
  const { icon, words } = STATES[state];
  const parameters = { exercise: id };
  const article = useRef<HTMLElement>(null);
  useEffect(() => {
    if (lookAt?.exercise !== id || lookAt.times === looked) return;
    looked = lookAt.times;
    article.current?.scrollIntoView({ block: 'nearest' });
  });
  return (
    <article ref={article} class="card exercise" aria-labelledby={`exercise-${id}`}>
      <div class="exercise-head">
        <h3 id={`exercise-${id}`}>{title}</h3>
        <span class={`badge ${state}`}>
          <Icon name={icon} />
          {words}, {report ? `${report.points} of ${report.of}` : points} points
        </span>
      </div>
      <p>
        <Prose text={summary} />
      </p>
      {task !== '' && <Task text={task} open={state === 'started' || state === 'failed'} />}
      <div class="actions">
        <Button key="open" primary={state === 'not-started'} label={`${state === 'not-started' ? 'Start' : 'Open'}: ${title}`} onClick={() => void store.request('openExercise', parameters)}>
          {state === 'not-started' ? 'Start' : 'Open my file'}
        </Button>
        {grading ? (
          <>
            <Button key="cancel" onClick={() => void store.request('cancelGrade', {})}>Cancel</Button>
            <span class="running" role="status">
              <ProgressRing label={`Grading ${title}`} /> Grading…
            </span>
          </>
        ) : (
          <Button key="grade" primary={state !== 'not-started' && state !== 'passed'} disabled={!trusted || state === 'not-started'} label={`Grade: ${title}`} onClick={() => void store.request('grade', parameters)}>
            Grade
          </Button>
        )}
        {moreHints && state !== 'passed' && (
          <Button key="hint" label={`${hints.length === 0 ? 'A hint' : 'Next hint'}: ${title}`} onClick={() => void store.request('nextHint', parameters)}>
            {hints.length === 0 ? 'A hint' : 'Next hint'}
          </Button>
        )}
        {state === 'passed' && <Button key="solution" label={`Open the solution: ${title}`} onClick={() => void store.request('openSolution', parameters)}>Open the solution</Button>}
      </div>
      {hints.length > 0 && (
        <ol class="hints" aria-label="Hints">
          {hints.map((hint) => (
            <li key={hint}>
              <Notice icon="hint" tone="info">
                <Prose text={hint} />
              </Notice>
            </li>
          ))}
        </ol>
      )}
      {report && <ReportView report={report} diagram={diagram} />}
      {after !== null && (
        <Notice icon="forward" tone="good">
          <strong>Next: </strong>
          <Prose text={after} />
        </Notice>
      )}
    </article>
  );
}
