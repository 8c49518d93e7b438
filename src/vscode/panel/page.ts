import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { panelHtml } from './panelHtml.ts';

/** Puts a page into a webview, a lab's unless `script` is another's. It may load from dist/webview and nowhere else. */
export function loadPage(panel: vscode.WebviewPanel, extensionUri: vscode.Uri, script: 'main.js' | 'xray.js' = 'main.js'): void {
  const { webview } = panel;
  const dist = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  const address = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.svg');
  webview.options = { enableScripts: true, localResourceRoots: [dist] };
  webview.html = panelHtml({
    cspSource: webview.cspSource,
    script: address(script),
    style: address('main.css'),
    title: panel.title,
    nonce: randomBytes(16).toString('base64url'),
  });
}
