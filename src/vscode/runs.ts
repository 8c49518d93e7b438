import * as vscode from 'vscode';
import type { LabFolder } from '../catalog/catalog.ts';
import { withLab } from '../labs/progress.ts';
import type { runLab } from '../labs/runLab.ts';
import type { readMachine } from '../runtime/machine.ts';
import type { RunnerHost } from '../runtime/runnerHost.ts';
import { HumanError } from '../shared/errors.ts';
import type { RunView } from '../shared/protocol.ts';
import type { LabRun, Machine } from '../shared/report.ts';
import { TokenAbort } from './abort.ts';
import type { Activity } from './activity.ts';
import type { Changes } from './changes.ts';
import type { Kept } from './kept.ts';
import type { ProgressStore } from './progressStore.ts';
import { isCancellation, type Reporter } from './reporter.ts';
import { requireTrust } from './trust.ts';
import type { Turn } from './turn.ts';

const IDLE: RunView = { state: 'idle' };

/** Real runs, the last of each lab; they go on while no panel shows them. */
export class Runs implements vscode.Disposable {
  private readonly views = new Map<string, RunView>();
  private readonly running = new Map<string, TokenAbort>();
  private seen: Machine | null = null;

  constructor(
    private readonly host: RunnerHost,
    private readonly engine: { readonly runLab: typeof runLab; readonly readMachine: typeof readMachine },
    private readonly last: Pick<Kept<LabRun>, 'read' | 'write'>,
    private readonly services: { readonly progress: ProgressStore; readonly activity: Activity; readonly turn: Turn; readonly changes: Changes; readonly reporter: Reporter },
  ) {}

  view(lab: string): RunView {
    return this.views.get(lab) ?? IDLE;
  }

  /** The machine as it was last looked at. */
  get machine(): Machine | null {
    return this.seen;
  }

  /** Reads this machine's settings, so that a panel can say whose they are before anything ran. */
  async lookAtMachine(): Promise<void> {
    this.seen = await this.engine.readMachine();
    this.services.changes.fire('run');
  }

  /** Shows the run of before the window was opened, where there is one and none since. */
  async recall({ lab }: LabFolder): Promise<void> {
    const run = this.views.has(lab.id) ? undefined : await this.last.read(lab.id, lab.version);
    if (run && !this.views.has(lab.id)) this.set(lab.id, doneView(run));
  }

  cancel(lab: string): void {
    this.running.get(lab)?.abort();
  }

  /** Runs a lab for real and resolves with how it ended. Throws only where it could not begin. */
  async run(folder: LabFolder, values: Readonly<Record<string, number>>): Promise<RunView> {
    requireTrust('A real run');
    if (this.running.has(folder.lab.id)) throw new HumanError(`"${folder.lab.title}" is running already.`);
    const title = `Running ${folder.lab.title} for real`;
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) =>
      this.runShown(folder, values, progress, token),
    );
  }

  dispose(): void {
    for (const abort of this.running.values()) abort.abort();
  }

  private async runShown(
    folder: LabFolder,
    values: Readonly<Record<string, number>>,
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
  ): Promise<RunView> {
    const { id, title } = folder.lab;
    const { turn, activity } = this.services;
    const abort = new TokenAbort(token);
    this.running.set(id, abort);
    const shown = activity.begin(`Running ${title}`, () => abort.abort());
    let percent = 0;
    const onProgress = (message: string, fraction: number | null): void => {
      const increment = fraction === null ? 0 : Math.max(0, fraction * 100 - percent);
      percent += increment;
      progress.report({ message, increment });
      this.set(id, { state: 'running', message, fraction });
    };
    onProgress(turn.busy ? 'Waiting for what runs now to end' : 'Starting', null);
    const ended = await this.result(folder, turn.take(abort.signal, () => this.engine.runLab({ folder, values }, this.host, { signal: abort.signal, onProgress })), abort.signal);
    this.running.delete(id);
    abort.dispose();
    shown.dispose();
    if (ended.state === 'done') await this.services.progress.update((all) => withLab(all, id, { ran: true }));
    this.set(id, ended);
    return ended;
  }

  private async result({ lab }: LabFolder, running: Promise<LabRun>, signal: AbortSignal): Promise<RunView> {
    try {
      const run = await running;
      this.seen = run.machine;
      await this.last.write(lab.id, lab.version, run).catch((error: unknown) => this.services.reporter.sentence(error, 'Keeping the run'));
      return doneView(run);
    } catch (error) {
      if (signal.aborted || isCancellation(error)) return { state: 'cancelled' };
      return { state: 'failed', message: this.services.reporter.sentence(error, 'The real run') };
    }
  }

  private set(lab: string, view: RunView): void {
    this.views.set(lab, view);
    this.services.changes.fire('run');
  }
}

function doneView({ predicted, measured, comparisons, notes, values }: LabRun): RunView {
  return { state: 'done', predicted, measured, comparisons, notes, values };
}
