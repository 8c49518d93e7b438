import type { RetryScenario } from '../../../src/shared/scenario/retry.ts';

/** Exact mean and variance, per intent, of one figure. */
export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

export type Figure = 'charges' | 'double_charged' | 'charged_unknown' | 'not_charged' | 'attempts';

interface State {
  readonly charges: number;
  readonly keyKnown: boolean;
}

/** What one intent comes to, by summing over everything that its attempts can do: no simulation. */
export function exact(scenario: RetryScenario): Record<Figure, Moments> {
  const { request_loss, reply_loss, max_attempts, key, crash_before_reply = 0, store_survives_crash = true, timeout_ms = 200, service_ms = 0 } = scenario;
  const sums = new Map<Figure, [number, number]>();
  const ends = (state: State, attempts: number, answered: boolean, probability: number): void => {
    const figures: Record<Figure, number> = {
      charges: state.charges,
      double_charged: state.charges > 1 ? 1 : 0,
      charged_unknown: state.charges > 0 && !answered ? 1 : 0,
      not_charged: state.charges === 0 ? 1 : 0,
      attempts,
    };
    for (const [figure, value] of Object.entries(figures) as [Figure, number][]) {
      const [first, second] = sums.get(figure) ?? [0, 0];
      sums.set(figure, [first + probability * value, second + probability * value * value]);
    }
  };
  let states: [State, number][] = [[{ charges: 0, keyKnown: false }, 1]];
  for (let attempt = 1; attempt <= max_attempts; attempt++) {
    const next: [State, number][] = [];
    for (const [state, probability] of states) {
      const arrives = probability * (1 - request_loss);
      const charged = { charges: state.charges + (key && state.keyKnown ? 0 : 1), keyKnown: true };
      const crashed = { ...charged, keyKnown: store_survives_crash };
      const replies = arrives * (1 - crash_before_reply) * (service_ms <= timeout_ms ? 1 - reply_loss : 0);
      ends(charged, attempt, true, replies);
      const failures: [State, number][] = [
        [state, probability * request_loss],
        [crashed, arrives * crash_before_reply],
        [charged, arrives * (1 - crash_before_reply) - replies],
      ];
      if (attempt < max_attempts) next.push(...failures);
      else for (const [end, share] of failures) ends(end, attempt, false, share);
    }
    states = merge(next);
  }
  return Object.fromEntries([...sums].map(([figure, [mean, second]]) => [figure, { mean, variance: Math.max(0, second - mean * mean) }])) as Record<Figure, Moments>;
}

function merge(states: readonly [State, number][]): [State, number][] {
  const merged = new Map<string, [State, number]>();
  for (const [state, probability] of states) {
    const name = `${state.charges} ${state.keyKnown}`;
    merged.set(name, [state, (merged.get(name)?.[1] ?? 0) + probability]);
  }
  return [...merged.values()];
}
