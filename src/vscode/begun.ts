import type { Memento } from 'vscode';

/** The key of progress in VS Code's storage. */
export const PROGRESS_KEY = 'progress';

/** True where some lab was begun; cheap enough for activation. */
export function hasBegun(memento: Memento): boolean {
  const stored = memento.get<{ readonly labs?: object }>(PROGRESS_KEY);
  return Object.keys(stored?.labs ?? {}).length > 0;
}
