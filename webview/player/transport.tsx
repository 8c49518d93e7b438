import type { JSX } from 'preact';
import { formatTime } from '../format.ts';
import { Button, Dropdown } from '../ui/controls.tsx';
import { Icon } from '../ui/icon.tsx';
import { SPEEDS, type Axis } from './playback.ts';
import { positionOf, type Moment } from './timeline.ts';
import type { Controls } from './usePlayback.ts';

const AXES: readonly Axis[] = ['events', 'time'];
const AXIS_WORDS: Readonly<Record<Axis, string>> = { events: 'event by event', time: 'time to scale' };

interface Props {
  readonly controls: Controls;
  readonly moments: readonly Moment[];
  /** The events have an order and no times. */
  readonly timeless?: boolean | undefined;
}

/** Play, step, scrub, speed: all of it by keyboard too. */
export function Transport({ controls, moments, timeless = false }: Props): JSX.Element {
  const { playback, playing, atEnd } = controls;
  const last = moments.length - 1;
  const maximum = playback.axis === 'events' ? last : (moments[last] as Moment).timeNs;
  const keyDown = (event: KeyboardEvent): void => {
    const leap = event.key === 'PageUp' ? 10 : event.key === 'PageDown' ? -10 : 0;
    if (event.key === 'ArrowRight' || event.key === 'ArrowUp') controls.step(1);
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowDown') controls.step(-1);
    else if (event.key === 'Home') controls.restart();
    else if (event.key === 'End') controls.seek(maximum);
    else if (leap !== 0) controls.seek(playback.axis === 'events' ? Math.floor(positionOf(playback)) + leap : playback.timeNs + (leap / 100) * maximum);
    else if (event.key === ' ') controls.toggle();
    else return;
    event.preventDefault();
  };
  return (
    <div class="transport" role="group" aria-label="Player">
      <div class="transport-row">
        <Button icon label="Back to the start" onClick={controls.restart}>
          <Icon name="start" />
        </Button>
        <Button icon label="One event back" onClick={() => controls.step(-1)}>
          <Icon name="back" />
        </Button>
        <Button icon label={playing ? 'Pause' : 'Play'} onClick={controls.toggle}>
          <Icon name={playing ? 'pause' : 'play'} />
        </Button>
        <Button icon label="One event forward" disabled={atEnd} onClick={() => controls.step(1)}>
          <Icon name="forward" />
        </Button>
        <span class="clock">
          {!timeless && formatTime(playback.timeNs)}
          <span class="quiet">
            {timeless ? '' : ', '}
            event {playback.moment} of {last}
          </span>
        </span>
      </div>
      <input
        type="range"
        class="scrubber"
        style={{ '--filled': `${(100 * positionOf(playback)) / Math.max(1, maximum)}%` }}
        min={0}
        max={maximum}
        step="any"
        value={positionOf(playback)}
        aria-label="Time; arrow keys go event by event"
        aria-valuetext={`${timeless ? '' : `${formatTime(playback.timeNs)}, `}event ${playback.moment} of ${last}`}
        onKeyDown={keyDown}
        onInput={(event) => controls.seek(Number(event.currentTarget.value))}
      />
      <div class="transport-row">
        <Dropdown label="Speed" options={SPEEDS[playback.axis].map((speed) => speed.label)} selected={playback.speed} onChange={controls.setSpeed} />
        {!timeless && <Dropdown label="Time axis" options={AXES.map((axis) => AXIS_WORDS[axis])} selected={AXES.indexOf(playback.axis)} onChange={(index) => controls.setAxis(AXES[index] as Axis)} />}
      </div>
    </div>
  );
}
