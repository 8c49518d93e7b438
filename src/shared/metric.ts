import { Type, type Static } from '@sinclair/typebox';
import { events, type Trace, type TraceEvent } from './trace.ts';

/** Which events are meant. */
const selector = {
  kind: Type.String(),
  /** An entity's name, or its beginning followed by `*`. */
  entity: Type.Optional(Type.String()),
  /** Only events whose detail has these values. */
  where: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
  /** Only events whose value is above this. */
  above: Type.Optional(Type.Number()),
  fromMs: Type.Optional(Type.Number()),
  /** Exclusive. */
  toMs: Type.Optional(Type.Number()),
};
const Selector = Type.Object(selector, { additionalProperties: false });
type Selector = Static<typeof Selector>;

/**
 * A number as a function of a trace, written as data, so that a lab's quantities are computed in the same way from what
 * was simulated and from what was measured.
 */
export const Metric = Type.Object(
  {
    /**
     * `count` of events · `maximum`, `minimum`, `mean`, `sum`, `last`, `percentile` of their values · `firstMs`, `lastMs`: when the first or last of them was ·
     * `at`: the value in force at `atMs` (of the last event up to then; 0 before any) · `perSecond`: events a second, from time 0 to the last of them ·
     * `largestShare`: how many percent of the events have the value that most of them have.
     */
    of: Type.Union(['count', 'maximum', 'minimum', 'mean', 'sum', 'last', 'percentile', 'firstMs', 'lastMs', 'at', 'perSecond', 'largestShare'].map((name) => Type.Literal(name))),
    ...selector,
    /** Only events after the first of these. */
    after: Type.Optional(Selector),
    /** Only events before the first of these. */
    before: Type.Optional(Selector),
    /** Takes this number of the events' detail in place of their value; events without it do not count. */
    field: Type.Optional(Type.String()),
    atMs: Type.Optional(Type.Number()),
    percentile: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
    /** Divides the result (1e6 makes milliseconds of nanoseconds). */
    per: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  },
  { additionalProperties: false },
);
export type Metric = Static<typeof Metric>;

/** The metric's value in `trace`; null where no event answers it (a count is then 0), or none that it begins after or ends before. */
export function evaluate(metric: Metric, trace: Trace): number | null {
  const all = [...events(trace)];
  const { after, before } = metric;
  const first = after ? all.findIndex((event) => matches(after, event)) : -1;
  const end = before ? all.findIndex((event) => matches(before, event)) : all.length;
  if ((after && first < 0) || end < 0) return null;
  const { field } = metric;
  const matching = all.slice(first + 1, end).filter((event) => matches(metric, event));
  const found = field === undefined ? matching : matching.flatMap((event) => withField(event, field));
  const result = reduce(metric, found);
  return result === null ? null : result / (metric.per ?? 1);
}

function matches(selector: Selector, event: TraceEvent): boolean {
  if (event.kind !== selector.kind) return false;
  const { entity, where, fromMs = -Infinity, toMs = Infinity } = selector;
  if (entity !== undefined && !(entity.endsWith('*') ? event.entity.startsWith(entity.slice(0, -1)) : event.entity === entity)) return false;
  if (selector.above !== undefined && event.value <= selector.above) return false;
  if (event.timeNs < fromMs * 1e6 || event.timeNs >= toMs * 1e6) return false;
  return Object.entries(where ?? {}).every(([key, value]) => event.detail?.[key] === value);
}

/** The event with a number of its detail as its value; nothing where it has none. Counts above 2^53 − 1 are texts. */
function withField(event: TraceEvent, field: string): TraceEvent[] {
  const found = event.detail?.[field];
  const value = typeof found === 'string' || typeof found === 'number' ? Number(found) : Number.NaN;
  return Number.isFinite(value) ? [{ ...event, value }] : [];
}

function reduce(metric: Metric, found: readonly TraceEvent[]): number | null {
  if (metric.of === 'count') return found.length;
  if (metric.of === 'at') return found.findLast((event) => event.timeNs <= (metric.atMs ?? 0) * 1e6)?.value ?? 0;
  const first = found[0];
  const last = found.at(-1);
  if (!first || !last) return null;
  const values = found.map((event) => event.value);
  switch (metric.of) {
    case 'firstMs':
      return first.timeNs / 1e6;
    case 'lastMs':
      return last.timeNs / 1e6;
    case 'perSecond':
      return last.timeNs > 0 ? found.length / (last.timeNs / 1e9) : null;
    case 'last':
      return last.value;
    case 'largestShare':
      return (100 * largestCount(values)) / values.length;
    case 'maximum':
      return Math.max(...values);
    case 'minimum':
      return Math.min(...values);
    case 'sum':
      return values.reduce((sum, value) => sum + value, 0);
    case 'mean':
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    default:
      return nearestRank(values, metric.percentile ?? 50);
  }
}

function largestCount(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Math.max(...counts.values());
}

/** The nearest-rank percentile of values that are not empty. */
function nearestRank(values: readonly number[], percentile: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)] as number;
}
