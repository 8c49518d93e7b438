import { isDeepStrictEqual } from 'node:util';
import type { LogOutputChannel, Memento } from 'vscode';
import { mergeProgress, stamped } from '../labs/mergeProgress.ts';
import { NO_PROGRESS, parseProgress, type Progress } from '../labs/progress.ts';
import { PROGRESS_KEY } from './begun.ts';
import type { Changes } from './changes.ts';

/** Holds what could not be read, with the newest last. */
const ASIDE_KEY = 'progress.aside';
/** So many unreadable states are kept. */
const ASIDE_LIMIT = 5;
/** What there was when this window changed it first: it takes the place of one that cannot be read. */
const BEFORE_KEY = 'progress.before';
/** After this, another window's change has come here, and one that overwrote ours is seen. */
const CONFIRM_MS = 3000;

/**
 * What learners have done, in VS Code's global storage, which two windows may write at once and where the later one wins: so
 * each keeps what it stored itself, takes both together, and stores that again where its own was overwritten. What cannot be
 * read is put aside and never lost.
 */
export class ProgressStore {
  /** What this window stored last. */
  private own: Progress | undefined;
  private merged: { readonly stored: unknown; readonly own: Progress | undefined; readonly progress: Progress } | undefined;

  constructor(
    private readonly memento: Memento,
    private readonly log: Pick<LogOutputChannel, 'warn'>,
    private readonly changes: Pick<Changes, 'fire'>,
  ) {}

  get current(): Progress {
    const stored = this.memento.get<unknown>(PROGRESS_KEY);
    if (stored === undefined) return NO_PROGRESS;
    if (this.merged?.stored !== stored || this.merged.own !== this.own) this.merged = { stored, own: this.own, progress: this.together(stored) };
    return this.merged.progress;
  }

  /** Stores `change(current)` and tells it. */
  async update(change: (progress: Progress) => Progress): Promise<void> {
    const before = this.current;
    await this.keepUnreadableAside();
    if (!this.own && before !== NO_PROGRESS) await this.memento.update(BEFORE_KEY, before);
    // Anything may have happened meanwhile.
    const now = this.current;
    await this.store(stamped(now, change(now), Date.now()));
    setTimeout(() => void this.confirm(), CONFIRM_MS).unref();
  }

  private together(stored: unknown): Progress {
    const read = parseProgress(stored) ?? parseProgress(this.memento.get<unknown>(BEFORE_KEY)) ?? NO_PROGRESS;
    return this.own ? mergeProgress(read, this.own) : read;
  }

  private async store(progress: Progress): Promise<void> {
    this.own = progress;
    await this.memento.update(PROGRESS_KEY, progress);
    this.changes.fire('progress');
  }

  /** Stores again where another window's change has overwritten ours. */
  private async confirm(): Promise<void> {
    const stored = this.memento.get<unknown>(PROGRESS_KEY);
    if (stored !== undefined && !isDeepStrictEqual(this.current, mergeProgress(parseProgress(stored) ?? NO_PROGRESS, NO_PROGRESS))) await this.store(this.current);
  }

  private async keepUnreadableAside(): Promise<void> {
    const stored = this.memento.get<unknown>(PROGRESS_KEY);
    if (stored === undefined || parseProgress(stored)) return;
    this.log.warn(`The stored progress cannot be read by this version; it is kept under "${ASIDE_KEY}", and what there was before is taken up again.`);
    const aside = this.memento.get<readonly unknown[]>(ASIDE_KEY, []);
    if (!aside.some((one) => isDeepStrictEqual(one, stored))) await this.memento.update(ASIDE_KEY, [...aside, stored].slice(-ASIDE_LIMIT));
  }
}
