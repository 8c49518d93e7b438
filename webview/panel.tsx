import type { JSX } from 'preact';
import type { Step } from '../src/shared/protocol.ts';
import { usePanelState, useStore } from './context.ts';
import { Hatches } from './diagram/hatches.tsx';
import { WithGlossary } from './glossary/glossary.tsx';
import { CheckStep } from './steps/check.tsx';
import { FixStep } from './steps/fix.tsx';
import { PredictStep } from './steps/predict.tsx';
import { RunStep } from './steps/run.tsx';
import { SimulateStep } from './steps/simulate.tsx';
import { StepTabs } from './steps/tabs.tsx';
import type { StepProps } from './steps/stepProps.ts';
import { Button, ProgressRing } from './ui/controls.tsx';
import { Icon } from './ui/icon.tsx';
import { PlainProse } from './ui/plainProse.tsx';

const CONTENT: Readonly<Record<Step, (props: StepProps) => JSX.Element>> = {
  predict: PredictStep,
  simulate: SimulateStep,
  run: RunStep,
  fix: FixStep,
  check: CheckStep,
};

/** A lab's panel: its title, the five steps, and the one that is shown. */
export function Panel(): JSX.Element {
  const store = useStore();
  const state = usePanelState(store);
  const { snapshot, failure } = state;
  if (!snapshot) {
    return (
      <main class="loading">
        <ProgressRing label="Loading" />
        <p>Loading the lab…</p>
      </main>
    );
  }
  const alone = snapshot.lab.steps?.length === 1;
  const terms = snapshot.lab.glossary;
  const Content = CONTENT[snapshot.step];
  return (
    <main>
      <header class="lab-header">
        <div>
          <h1>{snapshot.lab.title}</h1>
          {snapshot.lab.summary !== '' && (
            <p class="quiet">
              {snapshot.lab.summary} <span class="nowrap">About {snapshot.lab.minutes} minutes.</span>
            </p>
          )}
        </div>
        {!alone && <Button onClick={() => void store.request('openReadme', {})}>Read the story</Button>}
      </header>
      {failure !== null && (
        <div class="notice bad" role="alert">
          <Icon name="warning" />
          <div>{failure}</div>
          <span class="actions">
            <Button onClick={() => void store.request('showLog', {})}>Show log</Button>
            <Button onClick={() => store.dismissFailure()}>Dismiss</Button>
          </span>
        </div>
      )}
      {alone ? (
        <Content snapshot={snapshot} state={state} />
      ) : (
        <>
          <StepTabs snapshot={snapshot} />
          <section id="step-content" role="tabpanel" aria-labelledby={`tab-${snapshot.step}`}>
            <WithGlossary terms={terms}>
              <Content snapshot={snapshot} state={state} />
            </WithGlossary>
          </section>
        </>
      )}
      {terms.length > 0 && (
        <details class="terms">
          <summary>Terms</summary>
          <dl>
            {terms.map((each) => (
              <div key={each.term}>
                <dt>{each.term}</dt>
                <dd>
                  <PlainProse text={each.means} />
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      <Hatches />
    </main>
  );
}
