import type { Memento } from 'vscode';

/** The key of progress in VS Code's storage. */
export const PROGRESS_KEY = 'progress';

/** What was done in some lab, whichever. */
export interface Begun {
  readonly begun: boolean;
  readonly predicted: boolean;
  readonly ran: boolean;
  readonly graded: boolean;
}

/** What of it is stored of a lab, as far as it is looked at. */
interface StoredLab {
  readonly said?: object;
  readonly ran?: boolean;
  readonly exercises?: Readonly<Record<string, { readonly state?: string }>>;
}

/** Reads from storage what was done; cheap enough for activation. */
export function whatHasBegun(memento: Memento): Begun {
  const stored = memento.get<{ readonly labs?: Readonly<Record<string, StoredLab>> }>(PROGRESS_KEY);
  const labs = Object.values(stored?.labs ?? {});
  return {
    begun: labs.length > 0,
    predicted: labs.some(({ said }) => Object.keys(said ?? {}).length > 0),
    ran: labs.some(({ ran }) => ran === true),
    graded: labs.some(({ exercises }) => Object.values(exercises ?? {}).some(({ state }) => state === 'passed' || state === 'failed')),
  };
}
