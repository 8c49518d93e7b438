import type { JSX } from 'preact';
import type { PanelSnapshot } from '../../src/shared/protocol.ts';
import type { CheckResult, ExerciseReport, Failure } from '../../src/shared/report.ts';
import { useStore } from '../context.ts';
import { formatNumber, plural } from '../format.ts';
import { Button } from '../ui/controls.tsx';
import { Icon, Notice, type IconName } from '../ui/icon.tsx';
import { Prose } from '../ui/prose.tsx';
import { Evidence } from './evidence.tsx';

const OUTCOMES: Readonly<Record<CheckResult['outcome'], { readonly icon: IconName; readonly words: string }>> = {
  passed: { icon: 'check', words: 'passed' },
  failed: { icon: 'cross', words: 'failed' },
  skipped: { icon: 'open', words: 'not reached' },
};

const KINDS: Readonly<Record<Failure['kind'], string>> = {
  syntax: 'Does not parse',
  'did-not-listen': 'Did not listen',
  crashed: 'Crashed',
  hung: 'Hung',
  'wrong-answer': 'Wrong answer',
  'too-slow': 'Too slow',
  leaked: 'Leaked',
  'unfit-machine': 'This machine cannot decide it',
  'our-fault': 'Our fault',
};

/** What the last grading found, check by check. */
export function ReportView({ report, diagram }: { readonly report: ExerciseReport; readonly diagram: PanelSnapshot['lab']['diagram'] }): JSX.Element {
  const store = useStore();
  return (
    <div class="report">
      <p class="quiet">
        Last graded: {report.points} of {report.of} points in {formatNumber(report.durationMs / 1000)} s, seed {report.seed}.
      </p>
      {report.verdict === 'our-fault' && (
        <Notice icon="warning" tone="bad">
          The grading itself went wrong; this says nothing about your code. <Button onClick={() => void store.request('showLog', {})}>Show log</Button>
        </Notice>
      )}
      {report.verdict === 'unfit-machine' && (
        <Notice icon="info" tone="warn">
          This machine was too busy or lacks something to decide it; it does not count as failed. Try again when it is idle.
        </Notice>
      )}
      {report.verdict === 'cancelled' && (
        <Notice icon="info" tone="info">
          The grading was cancelled before it came to a verdict.
        </Notice>
      )}
      <ul class="checks" aria-label="Checks">
        {report.checks.map((check) => (
          <li key={check.id} class={check.outcome}>
            <p class="with-icon">
              <Icon name={OUTCOMES[check.outcome].icon} />
              <span>
                <strong>{check.title}</strong>
                <span class="quiet">
                  {' '}
                  {OUTCOMES[check.outcome].words}, {plural(check.points, 'point')}
                </span>
              </span>
            </p>
            {check.failure && <FailureView failure={check.failure} />}
          </li>
        ))}
      </ul>
      <Evidence report={report} diagram={diagram} />
      {report.output.trim() !== '' && (
        <details>
          <summary>What your program printed</summary>
          <pre tabIndex={0}>{report.output}</pre>
        </details>
      )}
    </div>
  );
}

/** The steps that led to it, then what was expected and what was seen, then the hint meant for it. */
function FailureView({ failure }: { readonly failure: Failure }): JSX.Element {
  const { steps, expected, actual, hint, location, kind, message } = failure;
  return (
    <div class="failure">
      <p>
        <strong>{KINDS[kind]}.</strong> <Prose text={message} />
        {location && <span class="quiet"> (line {location.line + 1} of your file)</span>}
      </p>
      {steps.length > 0 && (
        <ol class="steps">
          {steps.map((step, index) => (
            <li key={index}>{step}</li>
          ))}
        </ol>
      )}
      {(expected !== undefined || actual !== undefined) && (
        <dl class="expected">
          <dt>Expected</dt>
          <dd>{expected ?? '–'}</dd>
          <dt>Actual</dt>
          <dd>{actual ?? '–'}</dd>
        </dl>
      )}
      {hint && (
        <Notice icon="hint" tone="info">
          <Prose text={hint.text} />
        </Notice>
      )}
    </div>
  );
}
