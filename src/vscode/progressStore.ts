import type { LogOutputChannel, Memento } from 'vscode';
import { NO_PROGRESS, parseProgress, type Progress } from '../labs/progress.ts';
import { PROGRESS_KEY } from './begun.ts';
import type { Changes } from './changes.ts';

/** Holds what could not be read, with the newest last. */
const ASIDE_KEY = 'progress.aside';
/** So many unreadable states are kept. */
const ASIDE_LIMIT = 5;

/**
 * What learners have done, in VS Code's global storage. Every change starts from what is stored at that moment, so that a
 * second window's changes stay. What cannot be read is put aside and never lost.
 */
export class ProgressStore {
  constructor(
    private readonly memento: Memento,
    private readonly log: Pick<LogOutputChannel, 'warn'>,
    private readonly changes: Pick<Changes, 'fire'>,
  ) {}

  get current(): Progress {
    const stored = this.memento.get<unknown>(PROGRESS_KEY);
    if (stored === undefined) return NO_PROGRESS;
    return parseProgress(stored) ?? NO_PROGRESS;
  }

  /** Stores `change(current)` and tells it. */
  async update(change: (progress: Progress) => Progress): Promise<void> {
    await this.keepUnreadableAside();
    await this.memento.update(PROGRESS_KEY, change(this.current));
    this.changes.fire('progress');
  }

  private async keepUnreadableAside(): Promise<void> {
    const stored = this.memento.get<unknown>(PROGRESS_KEY);
    if (stored === undefined || parseProgress(stored)) return;
    this.log.warn(`The stored progress cannot be read by this version; it is kept under "${ASIDE_KEY}" and a new one begun.`);
    const aside = this.memento.get<readonly unknown[]>(ASIDE_KEY, []);
    await this.memento.update(ASIDE_KEY, [...aside, stored].slice(-ASIDE_LIMIT));
  }
}
