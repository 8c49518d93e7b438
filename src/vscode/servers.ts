import * as vscode from 'vscode';
import type { LabFolder } from '../catalog/catalog.ts';
import type { LabServerRun, startLabServer } from '../runtime/startLabServer.ts';
import type { RunnerHost } from '../runtime/runnerHost.ts';
import { HumanError } from '../shared/errors.ts';
import type { ServerView } from '../shared/protocol.ts';
import type { Changes } from './changes.ts';
import { setContext } from './contextKeys.ts';
import { COMMANDS, CONTEXTS } from './ids.ts';
import type { Reporter } from './reporter.ts';
import { requireTrust } from './trust.ts';

interface Running {
  readonly folder: LabFolder;
  readonly abort: AbortController;
  readonly server: Promise<LabServerRun>;
}

const STOPPED: ServerView = { state: 'stopped' };

/** The labs' servers that a learner keeps up to try things on; none outlives the window. */
export class Servers implements vscode.Disposable {
  private readonly running = new Map<string, Running>();
  private readonly views = new Map<string, ServerView>();
  private readonly item = vscode.window.createStatusBarItem('backendLabs.server', vscode.StatusBarAlignment.Left, 9);

  constructor(
    private readonly host: RunnerHost,
    private readonly launch: typeof startLabServer,
    private readonly services: { readonly changes: Changes; readonly reporter: Reporter },
  ) {
    this.item.name = 'Backend Labs: Server';
    this.item.command = COMMANDS.stopServer;
  }

  view(lab: string): ServerView {
    return this.views.get(lab) ?? STOPPED;
  }

  /** The labs whose server is up. */
  get labs(): readonly string[] {
    return [...this.running.keys()];
  }

  /** Starts a lab's server and resolves when it listens. */
  async start(folder: LabFolder, values: Readonly<Record<string, number>>): Promise<void> {
    requireTrust('A server');
    const { id } = folder.lab;
    if (this.running.has(id)) throw new HumanError(`The server of "${folder.lab.title}" is up already.`);
    const abort = new AbortController();
    const server = this.launch({ labDir: folder.dir, values }, this.host, { signal: abort.signal });
    this.running.set(id, { folder, abort, server });
    this.set(id, { state: 'starting' });
    try {
      const up = await server;
      this.set(id, runningView(folder, up));
      void up.exited.then((error) => this.ended(id, server, error));
    } catch (error) {
      this.running.delete(id);
      if (abort.signal.aborted) {
        this.set(id, STOPPED);
        return;
      }
      this.set(id, { state: 'failed', message: this.services.reporter.sentence(error, 'Starting the server') });
      throw error;
    }
  }

  async stop(lab: string): Promise<void> {
    const running = this.running.get(lab);
    if (!running) return;
    this.running.delete(lab);
    running.abort.abort();
    await running.server.then((server) => server.stop()).catch(() => undefined);
    this.set(lab, STOPPED);
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.labs.map((lab) => this.stop(lab)));
  }

  dispose(): void {
    void this.stopAll();
    this.item.dispose();
  }

  /** The server went by itself. */
  private ended(lab: string, server: Promise<LabServerRun>, error: Error | null): void {
    if (this.running.get(lab)?.server !== server) return;
    this.running.delete(lab);
    this.set(lab, error ? { state: 'failed', message: this.services.reporter.sentence(error, 'The server') } : STOPPED);
  }

  private set(lab: string, view: ServerView): void {
    this.views.set(lab, view);
    setContext(CONTEXTS.serverRunning, this.running.size > 0);
    this.showItem();
    this.services.changes.fire('server');
  }

  private showItem(): void {
    const ports = this.labs.map((lab) => this.view(lab)).flatMap((view) => (view.state === 'running' ? [view.port] : []));
    if (ports.length === 0) return this.item.hide();
    this.item.text = `$(server-process) Port ${ports.join(', ')}`;
    this.item.tooltip = 'Backend Labs: a lab’s server listens here. Click to stop it.';
    this.item.accessibilityInformation = { label: `Backend Labs: a server listens on port ${ports.join(', ')}. Press to stop it.`, role: 'button' };
    this.item.show();
  }
}

/** The view of a server that listens, with the lab's commands filled in for it. */
export function runningView({ lab }: LabFolder, { port, pid }: { readonly port: number; readonly pid: number }, platform: string = process.platform): ServerView {
  const commands = lab.commands
    .filter(({ platforms }) => platforms === undefined || platforms.includes(platform))
    .map(({ label, command }) => ({ label, command: command.replaceAll('{port}', String(port)).replaceAll('{pid}', String(pid)) }));
  return { state: 'running', port, pid, commands };
}
