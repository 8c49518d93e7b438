import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PredictionView } from '../../src/shared/protocol.ts';
import { useStore } from '../context.ts';
import type { LocalState } from '../store.ts';
import { withUnit } from '../format.ts';
import type { StepProps } from './stepProps.ts';
import { Guess } from '../plot/guess.tsx';
import { Button, TextField } from '../ui/controls.tsx';
import { Icon, Notice } from '../ui/icon.tsx';
import { Prose } from '../ui/prose.tsx';
import { readNumber } from './readNumber.ts';
import { goTo } from './tabs.tsx';

/** Step 1: say a number before anything runs. After the run: what was said beside what came, and why. */
export function PredictStep({ snapshot, state }: StepProps): JSX.Element {
  const store = useStore();
  const [tried, setTried] = useState(false);
  const open = snapshot.predictions.filter((prediction) => prediction.said === null);
  const texts = state.local.predictions;
  const readAll = (typed: LocalState['predictions']): Map<string, ReturnType<typeof readNumber>> => new Map(open.map((prediction) => [prediction.id, readNumber(typed[prediction.id] ?? '', prediction)]));
  const readings = readAll(texts);
  // Read when it is sent: Enter may follow the last digit before this was drawn anew.
  const submit = (): void => {
    const said = [...readAll(store.get().local.predictions)].flatMap(([id, reading]) => ('value' in reading ? [[id, reading.value] as const] : []));
    setTried(said.length < open.length);
    if (said.length === open.length) void store.request('predict', { answers: Object.fromEntries(said) });
  };
  const recalled = snapshot.predictions.some((prediction) => prediction.recalled);

  return (
    <>
      <h2>{recalled ? 'What you said, and what came' : 'Predict'}</h2>
      {open.length > 0 && <p>Say a number before you have seen anything run. It need not be right: what matters is where your picture and the machine part. The run unlocks once each question is answered or skipped.</p>}
      <ol class="questions">
        {snapshot.predictions.map((prediction) => (
          <li key={prediction.id} class="card">
            <p class="question">
              <Prose text={prediction.question} />
            </p>
            {prediction.said === null ? (
              <Asked prediction={prediction} text={texts[prediction.id] ?? ''} problem={tried ? readings.get(prediction.id) : undefined} onEnter={submit} />
            ) : (
              <Said prediction={prediction} />
            )}
          </li>
        ))}
      </ol>
      {open.length > 0 ? (
        <div class="actions">
          <Button primary onClick={submit}>
            {open.length === 1 ? 'Submit my prediction' : 'Submit my predictions'}
          </Button>
        </div>
      ) : (
        !recalled && (
          <>
            <Notice icon="check" tone="good">
              Your predictions are kept. They come back beside what was measured.
            </Notice>
            <div class="actions">
              <Button primary onClick={() => void goTo(store, 'simulate')}>
                Go on to the simulation
              </Button>
            </div>
          </>
        )
      )}
    </>
  );
}

interface AskedProps {
  readonly prediction: PredictionView;
  readonly text: string;
  readonly problem: ReturnType<typeof readNumber> | undefined;
  readonly onEnter: () => void;
}

function Asked({ prediction, text, problem, onEnter }: AskedProps): JSX.Element {
  const store = useStore();
  const { id, unit, minimum, maximum, question } = prediction;
  const wrong = problem !== undefined && 'problem' in problem ? problem.problem : null;
  const skip = async (): Promise<void> => {
    if (await store.request('predict', { answers: { [id]: 'skipped' } })) document.querySelector<HTMLElement>('.questions vscode-text-field, #step-content > .actions vscode-button')?.focus();
  };
  const type = (value: string): void => store.updateLocal({ predictions: { ...store.get().local.predictions, [id]: value } });
  return (
    <>
      <div class="answer-row">
        <TextField id={`prediction-${id}`} label={question} value={text} describedBy={`range-${id}`} invalid={wrong !== null} onInput={type} onEnter={onEnter} />
        <span class="unit">{unit}</span>
        <Button onClick={() => void skip()} label={`Skip: ${question}`}>
          Skip
        </Button>
      </div>
      <p id={`range-${id}`} class={wrong === null ? 'quiet' : 'problem'}>
        {wrong === null ? `A number from ${withUnit(minimum, '')} to ${withUnit(maximum, unit)}.` : wrong}
      </p>
    </>
  );
}

function Said({ prediction }: { readonly prediction: PredictionView }): JSX.Element {
  const { said, unit, recalled } = prediction;
  const words = said === 'skipped' ? 'You skipped this one.' : `You said ${withUnit(said, unit)}.`;
  if (!recalled) {
    return (
      <p class="with-icon">
        <Icon name={said === 'skipped' ? 'forward' : 'check'} />
        <span>{words}</span>
      </p>
    );
  }
  const came = recalled.measured ?? recalled.simulated;
  return (
    <>
      <p>
        <strong>{words}</strong> It was {withUnit(came, unit)}
        {recalled.measured === null ? ' in the simulation; this machine could not measure it.' : recalled.simulated === null ? '.' : `; the simulation says ${withUnit(recalled.simulated, unit)}.`}
      </p>
      <Guess prediction={prediction} />
      <p>
        <Prose text={recalled.because} />
      </p>
    </>
  );
}
