import { events, type Trace } from '../shared/trace.ts';

/** A client's connect() that came later than the scenario has it. */
export interface LateConnect {
  /** `c3` */
  readonly client: string;
  readonly lateMs: number;
}

/**
 * The connect() that came latest against the scenario, where `predicted` has each client begin when it should. What a
 * client meets depends on when it comes, so a run whose clients came late is not the run that was predicted. Null where
 * the run recorded no connect().
 */
export function latestConnect(predicted: Trace, measured: Trace): LateConnect | null {
  const dueNs = new Map<string, number>();
  for (const { entity, timeNs } of events(predicted)) if (!dueNs.has(entity)) dueNs.set(entity, timeNs);
  let latest: LateConnect | null = null;
  for (const { entity, timeNs, detail } of events(measured)) {
    const due = dueNs.get(entity);
    if (detail?.event !== 'connect' || due === undefined) continue;
    const lateMs = (timeNs - due) / 1e6;
    if (lateMs > (latest?.lateMs ?? 0)) latest = { client: entity.slice(entity.indexOf(':') + 1), lateMs };
  }
  return latest;
}
