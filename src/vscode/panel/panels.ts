import * as vscode from 'vscode';
import type { ExerciseFolder, LabFolder } from '../../catalog/catalog.ts';
import type { FromPanel, ToPanel } from '../../shared/protocol.ts';
import type { Changes } from '../changes.ts';
import { PANEL_TYPE } from '../ids.ts';
import type { LabStore } from '../labStore.ts';
import { loadPage } from './page.ts';
import type { PanelServices } from './panelServices.ts';
import { PanelSession } from './panelSession.ts';

interface Open {
  readonly panel: vscode.WebviewPanel;
  readonly session: PanelSession;
}

/** Changes within two frames make one snapshot. */
const COALESCE_MS = 32;

/** The open panels, one a lab. */
export class Panels implements vscode.Disposable {
  private readonly open = new Map<string, Open>();

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly labs: LabStore,
    private readonly services: PanelServices,
    private readonly changes: Changes,
  ) {}

  /** Shows a lab's panel, the one there is or a new one. */
  show(folder: LabFolder): PanelSession {
    const shown = this.open.get(folder.lab.id);
    if (!shown) return this.fill(vscode.window.createWebviewPanel(PANEL_TYPE, folder.lab.title, vscode.ViewColumn.Active), folder);
    shown.panel.reveal();
    return shown.session;
  }

  /** Gives a panel that outlived a window reload its lab back; `state` is what the page had saved. */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const id = typeof state === 'object' && state !== null ? (state as { readonly lab?: unknown }).lab : undefined;
    const { labs } = await this.labs.catalog();
    const folder = labs.find(({ lab }) => lab.id === id);
    if (!folder || this.open.has(folder.lab.id)) panel.dispose();
    else this.fill(panel, folder);
  }

  /** Shows an exercise in its lab's panel where that is open: without taking the focus, and never over the text that is worked on. */
  async lookAt({ lab, exercise }: ExerciseFolder): Promise<void> {
    const shown = this.open.get(lab);
    if (!shown) return;
    const { panel, session } = shown;
    const beside = panel.viewColumn !== vscode.window.activeTextEditor?.viewColumn;
    if (!panel.visible && beside) panel.reveal(panel.viewColumn, true);
    await session.lookAt(exercise.id);
  }

  /** The host's side of a panel, which sends what it has to say to `post`. */
  createSession(folder: LabFolder, post: (message: ToPanel) => void): PanelSession {
    return new PanelSession(folder, this.services, post);
  }

  dispose(): void {
    for (const { panel } of this.open.values()) panel.dispose();
  }

  private fill(panel: vscode.WebviewPanel, folder: LabFolder): PanelSession {
    const { lab } = folder;
    const session = this.createSession(folder, (message) => void panel.webview.postMessage(message));
    const listeners = [panel.webview.onDidReceiveMessage((message: FromPanel) => void session.receive(message)), refreshOnChange(this.changes, panel, session)];
    this.open.set(lab.id, { panel, session });
    panel.onDidDispose(() => {
      this.open.delete(lab.id);
      for (const listener of listeners) listener.dispose();
    });
    loadPage(panel, this.extensionUri);
    void this.services.recall(folder);
    return session;
  }
}

/** A hidden panel needs no snapshots: its page is made anew when it is shown again, and asks for one. */
function refreshOnChange(changes: Changes, panel: vscode.WebviewPanel, session: PanelSession): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const listener = changes.onDidChange(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (panel.visible) session.refresh();
    }, COALESCE_MS);
  });
  return new vscode.Disposable(() => {
    clearTimeout(timer);
    listener.dispose();
  });
}
