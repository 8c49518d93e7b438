import { events, type Trace } from '../shared/trace.ts';

/** A scenario whose clients call connect() when the measured ones did, and the one that was furthest from its time. */
export interface ActualConnects {
  readonly scenario: Record<string, unknown>;
  /** `c3` */
  readonly client: string;
  readonly lateMs: number;
}

interface Connection extends Record<string, unknown> {
  readonly id: string;
  readonly count?: number;
  readonly connect_ms?: number;
  readonly every_ms?: number;
}

/**
 * The scenario as its clients really ran it. What a client meets depends on when it comes, so a run whose clients came late
 * is judged by the prediction for when they came. Null where the run did not record every client's connect().
 */
export function withActualConnects(scenario: Record<string, unknown>, measured: Trace): ActualConnects | null {
  const actualMs = new Map<string, number>();
  for (const { entity, timeNs, detail } of events(measured)) if (detail?.event === 'connect') actualMs.set(entity.slice(entity.indexOf(':') + 1), timeNs / 1e6);
  const planned = (Array.isArray(scenario.connections) ? (scenario.connections as Connection[]) : []).flatMap(each);
  if (planned.length === 0 || planned.some(({ id }) => !actualMs.has(id))) return null;
  const connections = planned.map((connection) => ({ ...connection, connect_ms: actualMs.get(connection.id) as number }));
  const lateness = connections.map(({ id, connect_ms }, i) => ({ client: id, lateMs: connect_ms - (planned[i] as Connection & { connect_ms: number }).connect_ms }));
  const latest = lateness.reduce((worst, one) => (one.lateMs > worst.lateMs ? one : worst));
  return { scenario: { ...scenario, connections }, ...latest };
}

/** `{id: "c", count: 2}` is c1 and c2. */
function each({ count, every_ms = 0, connect_ms = 0, ...connection }: Connection): (Connection & { connect_ms: number })[] {
  if (count === undefined) return [{ ...connection, connect_ms }];
  return Array.from({ length: count }, (_, i) => ({ ...connection, id: `${connection.id}${i + 1}`, connect_ms: connect_ms + i * every_ms }));
}
