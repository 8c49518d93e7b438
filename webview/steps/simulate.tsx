import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { useStore } from '../context.ts';
import { limitsOf, SOMAXCONN } from '../diagram/limits.ts';
import { withUnit } from '../format.ts';
import type { StepProps } from './stepProps.ts';
import { LabPicture } from '../player/labPicture.tsx';
import { Notice } from '../ui/icon.tsx';
import { Prose } from '../ui/prose.tsx';
import { SliderField } from './slider.tsx';

/** Step 2: the model runs the situation; sliders answer at once. */
export function SimulateStep({ snapshot, state }: StepProps): JSX.Element {
  const store = useStore();
  const { lab, simulation, machine } = snapshot;
  const values = { ...snapshot.values, ...state.moved };
  const somaxconn = snapshot.values.somaxconn ?? Number(machine?.kernel.somaxconn ?? SOMAXCONN);
  const limits = useMemo(() => limitsOf(snapshot.values, somaxconn), [snapshot.values, somaxconn]);
  const chosen = lab.presets.find((preset) => Object.entries(preset.values).every(([id, value]) => values[id] === value));
  return (
    <>
      <h2>Simulate</h2>
      <div class="workbench">
        {lab.sliders.length > 0 && (
          <div class="situations">
            <h3>Situations</h3>
            <div class="presets" role="group" aria-label="Situations">
              {lab.presets.map((preset) => (
                <button key={preset.id} type="button" class="preset" aria-pressed={preset === chosen} title={preset.description} onClick={() => store.moveSliders(preset.values)}>
                  {preset.title}
                </button>
              ))}
            </div>
            <p class="preset-story" aria-live="polite">
              {chosen ? <Prose text={chosen.description} /> : <span class="quiet">Your own settings.</span>}
            </p>
          </div>
        )}
        <div class="stage">
          {simulation.state === 'failed' ? (
            <Notice icon="warning" tone="bad">
              This situation cannot be simulated. {simulation.message}
            </Notice>
          ) : (
            <>
              <LabPicture name="simulation" diagram={lab.diagram} traces={[simulation.trace]} limits={limits} />
              {simulation.quantities.length > 0 && <h3>What it comes to</h3>}
              <dl class="quantities">
                {simulation.quantities.map((quantity) => (
                  <div key={quantity.id}>
                    <dt>{quantity.label}</dt>
                    <dd>{withUnit(quantity.value, quantity.unit)}</dd>
                  </div>
                ))}
              </dl>
            </>
          )}
        </div>
        {lab.sliders.length > 0 && (
          <div class="settings">
            <h3>Settings</h3>
            <div class="sliders">
              {lab.sliders.map((slider) => (
                <SliderField key={slider.id} slider={slider} value={values[slider.id] ?? slider.default} onChange={(value) => store.moveSliders({ [slider.id]: value })} />
              ))}
            </div>
          </div>
        )}
      </div>
    </>
  );
}
