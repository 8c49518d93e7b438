import type { JSX } from 'preact';
import { STEPS, type PanelSnapshot, type Step } from '../../src/shared/protocol.ts';
import { useStore } from '../context.ts';
import type { Store } from '../store.ts';
import { Icon, type IconName } from '../ui/icon.tsx';

const TITLES: Readonly<Record<Step, string>> = { predict: 'Predict', simulate: 'Simulate', run: 'Run', fix: 'Fix', check: 'Check' };

/** How far a step is, as an icon and in words. */
export interface StepState {
  readonly icon: IconName;
  readonly words: string;
}

/** The five steps as tabs: one tab stop, arrows go from one to the next. */
export function StepTabs({ snapshot }: { readonly snapshot: PanelSnapshot }): JSX.Element {
  const store = useStore();
  const steps = snapshot.lab.steps ?? STEPS;
  const show = (step: Step): void => void goTo(store, step);
  const keyDown = (event: KeyboardEvent): void => {
    const at = steps.indexOf(snapshot.step);
    const to = { ArrowRight: (at + 1) % steps.length, ArrowLeft: (at + steps.length - 1) % steps.length, Home: 0, End: steps.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(steps[to] as Step);
  };
  return (
    <div class="tabs" role="tablist" aria-label="Steps of the lab" onKeyDown={keyDown}>
      {steps.map((step, index) => {
        const { icon, words } = stepState(step, snapshot);
        const selected = step === snapshot.step;
        return (
          <button key={step} id={`tab-${step}`} role="tab" type="button" class="tab" aria-selected={selected} aria-controls="step-content" tabIndex={selected ? 0 : -1} onClick={() => show(step)}>
            <span class="tab-title">
              <Icon name={icon} />
              <span>
                <span class="tab-number">{index + 1} </span>
                {TITLES[step]}
              </span>
            </span>
            <span class="tab-state">{words}</span>
          </button>
        );
      })}
    </div>
  );
}

/** Shows a step, with the focus on its tab, so that it is not lost with what was there before. */
export async function goTo(store: Store, step: Step): Promise<void> {
  if (await store.request('showStep', { step })) document.getElementById(`tab-${step}`)?.focus();
}

/** What a tab says of its step. */
export function stepState(step: Step, snapshot: PanelSnapshot): StepState {
  switch (step) {
    case 'predict': {
      const said = snapshot.predictions.filter((prediction) => prediction.said !== null).length;
      return progress(said, snapshot.predictions.length, 'done');
    }
    case 'simulate':
      return snapshot.simulation.state === 'failed' ? { icon: 'cross', words: 'failed' } : { icon: 'play', words: 'ready' };
    case 'run':
      return runState(snapshot);
    case 'fix':
      return progress(snapshot.exercises.filter((exercise) => exercise.state === 'passed').length, snapshot.exercises.length, 'passed');
    case 'check':
      return progress(snapshot.quiz.filter((question) => question.verdict?.correct === true).length, snapshot.quiz.length, 'right');
  }
}

function progress(done: number, of: number, verb: string): StepState {
  return { icon: of > 0 && done === of ? 'check' : done > 0 ? 'half' : 'open', words: `${done} of ${of} ${verb}` };
}

function runState({ run, runLocked, trusted }: PanelSnapshot): StepState {
  if (!trusted) return { icon: 'lock', words: 'not trusted' };
  if (run.state === 'running') return { icon: 'half', words: 'running' };
  if (run.state === 'failed') return { icon: 'cross', words: 'failed' };
  if (run.state === 'done') {
    const compared = run.comparisons.filter((row) => row.outcome === 'agrees' || row.outcome === 'differs');
    return { icon: 'check', words: `${compared.filter((row) => row.outcome === 'agrees').length} of ${compared.length} agree` };
  }
  if (runLocked) return { icon: 'lock', words: 'predict first' };
  return { icon: 'open', words: run.state === 'cancelled' ? 'cancelled' : 'not run yet' };
}
