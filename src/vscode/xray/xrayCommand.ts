import * as vscode from 'vscode';
import { Xray } from '../../labs/xray.ts';
import { listServers } from '../../runtime/xray/servers.ts';
import { HumanError } from '../../shared/errors.ts';
import { TokenAbort } from '../abort.ts';
import type { XrayPanels } from './xrayPanels.ts';

interface ServerItem extends vscode.QuickPickItem {
  /** What is looked up: a pid or `:PORT`; empty to type another. */
  readonly asked: string;
}

/** X-rays the process that `argument` names, else the one that is picked. It starts nothing of the workspace, so it needs no trust. */
export async function xrayProcess(panels: XrayPanels, argument: unknown): Promise<void> {
  const asked = typeof argument === 'string' || typeof argument === 'number' ? String(argument) : await pickServer();
  if (asked === undefined) return;
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Looking at ${asked}…`, cancellable: true }, async (_, token) => {
    const xray = await Xray.of(asked, Date.now);
    const { state } = await xray.take();
    if (token.isCancellationRequested) return;
    if (state === 'ended') throw new HumanError(`The process of ${asked} has ended.`);
    panels.show(xray);
  });
}

/** Lets one of the servers of this machine be picked, or any other process be typed; undefined where none is. */
async function pickServer(): Promise<string | undefined> {
  const source = new vscode.CancellationTokenSource();
  const abort = new TokenAbort(source.token);
  try {
    const picked = await vscode.window.showQuickPick(itemsOf(abort.signal), { title: 'X-ray a Process', placeHolder: 'Processes that listen on a TCP port', matchOnDescription: true, matchOnDetail: true }, source.token);
    if (!picked || picked.asked !== '') return picked?.asked;
    return (await vscode.window.showInputBox({ title: 'X-ray a Process', prompt: 'A pid, a port or a program’s name', placeHolder: '1234, :8080 or nginx', validateInput: (text) => (text.trim() === '' ? 'Type a pid, a port with a colon before it, or a name.' : undefined) }))?.trim();
  } finally {
    // Closing the list ends the look for more.
    source.cancel();
    abort.dispose();
    source.dispose();
  }
}

async function itemsOf(signal: AbortSignal): Promise<ServerItem[]> {
  const { servers, unseen } = await listServers(signal);
  const other: ServerItem = { label: '$(search) Another process…', description: 'by pid, port or name', asked: '', alwaysShow: true };
  const items = servers.map(({ pid, name, title, user, ports }): ServerItem => ({ label: name, description: `${portsOf(ports)}, pid ${pid}, ${user}`, detail: title === name ? undefined : title, asked: String(pid) }));
  const separator: ServerItem = { label: 'not permitted', kind: vscode.QuickPickItemKind.Separator, asked: '' };
  const hidden = unseen.map(({ port, user }): ServerItem => ({ label: `$(lock) :${port}`, description: `a process of ${user}, which you may not look into`, asked: `:${port}` }));
  return [...items, other, ...(hidden.length > 0 ? [separator, ...hidden] : [])];
}

function portsOf(ports: readonly number[]): string {
  const shown = ports.slice(0, 4).map((port) => `:${port}`);
  return `${shown.join(' ')}${ports.length > shown.length ? ` and ${ports.length - shown.length} more` : ''}`;
}
