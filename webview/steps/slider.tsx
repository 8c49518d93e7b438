import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Slider } from '../../src/shared/lab.ts';
import { formatNumber } from '../format.ts';
import { Checkbox, Dropdown } from '../ui/controls.tsx';

const SIMULATED_ONLY = '(Simulation only.)';

interface Props {
  readonly slider: Slider;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** A slider and a field for the same number; what can only be 0 or 1 is a checkbox, what has names is chosen by them. */
export function SliderField(props: Props): JSX.Element {
  const { minimum, maximum, step, choices } = props.slider;
  if (choices) return <Named {...props} options={choices.map(({ label }) => label)} />;
  return minimum === 0 && maximum === 1 && step === 1 ? <Switch {...props} /> : <Range {...props} />;
}

function Named({ slider, value, options, onChange }: Props & { readonly options: readonly string[] }): JSX.Element {
  return (
    <div class="slider">
      <p class="slider-label">{slider.label}</p>
      <Dropdown label={slider.label} options={options} selected={value} onChange={onChange} />
      <p class="quiet">{[slider.help, slider.real === false ? SIMULATED_ONLY : ''].join(' ')}</p>
    </div>
  );
}

function Switch({ slider, value, onChange }: Props): JSX.Element {
  return (
    <div class="slider">
      <Checkbox label={slider.label} checked={value === 1} onChange={(checked) => onChange(checked ? 1 : 0)} />
      <p class="quiet">{[slider.help, slider.real === false ? SIMULATED_ONLY : ''].join(' ')}</p>
    </div>
  );
}

function Range({ slider, value, onChange }: Props): JSX.Element {
  const { id, label, help, unit = '', minimum, maximum, step, real } = slider;
  const [typed, setTyped] = useState<string | null>(null);
  const helpId = `${id}-help`;
  const type = (text: string): void => {
    setTyped(text);
    const number = Number(text);
    if (text.trim() !== '' && number >= minimum && number <= maximum) onChange(number);
  };
  const wrong = typed !== null && !(typed.trim() !== '' && Number(typed) >= minimum && Number(typed) <= maximum);
  return (
    <div class="slider">
      <label for={`slider-${id}`}>
        {label}
        {unit !== '' && !label.toLowerCase().split(/\W+/).includes(unit) && <span class="quiet">, {unit}</span>}
      </label>
      <div class="slider-row">
        <input id={`slider-${id}`} type="range" style={{ '--filled': `${(100 * (value - minimum)) / (maximum - minimum)}%` }} min={minimum} max={maximum} step={step} value={value} aria-describedby={helpId} aria-valuetext={`${formatNumber(value)} ${unit}`} onInput={(event) => onChange(Number(event.currentTarget.value))} />
        <input
          type="number"
          class="number"
          min={minimum}
          max={maximum}
          step={step}
          value={typed ?? String(value)}
          aria-label={`${label}${unit === '' ? '' : `, ${unit}`}`}
          aria-describedby={helpId}
          aria-invalid={wrong}
          onInput={(event) => type(event.currentTarget.value)}
          onBlur={() => setTyped(null)}
        />
      </div>
      <p id={helpId} class={wrong ? 'problem' : 'quiet'}>
        {wrong ? `A number from ${formatNumber(minimum)} to ${formatNumber(maximum)}.` : help}
        {!wrong && real === false ? ` ${SIMULATED_ONLY}` : ''}
      </p>
    </div>
  );
}
