import * as vscode from 'vscode';
import type { Xray } from '../../labs/xray.ts';
import type { From } from '../../shared/protocol.ts';
import type { XrayRequests } from '../../shared/xray/view.ts';
import { XRAY_PANEL_TYPE } from '../ids.ts';
import { loadPage } from '../panel/page.ts';
import type { Reporter } from '../reporter.ts';
import { XraySession } from './xraySession.ts';

/** The open X-rays, one a server. A pid means nothing after a reload of the window, so none comes back then. */
export class XrayPanels implements vscode.Disposable {
  private readonly open = new Map<number, vscode.WebviewPanel>();

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly reporter: Reporter,
  ) {}

  /** Shows the X-ray of a server, of which one sample has been taken. One of a process that has ended makes room for it. */
  show(xray: Xray): void {
    const root = xray.snapshot.sample?.processes[0];
    if (!root) return;
    const shown = this.open.get(root.startTicks);
    if (shown) return shown.reveal();
    const panel = vscode.window.createWebviewPanel(XRAY_PANEL_TYPE, `X-ray: ${root.program ?? root.name} (${root.pid})`, vscode.ViewColumn.Active);
    const services = { visible: () => panel.visible, sentence: (error: unknown, doing: string) => this.reporter.sentence(error, doing), showLog: () => this.reporter.log.show() };
    const session = new XraySession(xray, services, (message) => void panel.webview.postMessage(message));
    const listener = panel.webview.onDidReceiveMessage((message: From<XrayRequests>) => session.receive(message));
    this.open.set(root.startTicks, panel);
    panel.onDidDispose(() => {
      this.open.delete(root.startTicks);
      listener.dispose();
      session.dispose();
    });
    loadPage(panel, this.extensionUri, 'xray.js');
    void session.run();
  }

  dispose(): void {
    for (const panel of this.open.values()) panel.dispose();
  }
}
