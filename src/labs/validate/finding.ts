import { messageOf } from '../../shared/errors.ts';

/** One thing that was looked at in a lab, and what is wrong with it. */
export interface Finding {
  readonly lab: string;
  /** What was looked at: "slider backlog", "survive-the-burst/wrong/deferred.ts". */
  readonly what: string;
  /** Null where it is as it should be. */
  readonly problem: string | null;
}

/** Runs one look; what it throws is the problem. */
export function finding(lab: string, what: string, look: () => string | null): Finding {
  try {
    return { lab, what, problem: look() };
  } catch (error) {
    return { lab, what, problem: messageOf(error) };
  }
}
