import { basename } from 'node:path';
import * as vscode from 'vscode';
import { simulateScenario } from '../../labs/simulateScenario.ts';
import { CPU_MODEL } from '../../shared/cpuTrace.ts';
import type { FromPanel, PanelSnapshot, SimulationView, ToPanel } from '../../shared/protocol.ts';
import { RETRY_MODEL } from '../../shared/retryTrace.ts';
import type { Trace } from '../../shared/trace.ts';
import { TCP_MODEL } from '../../shared/tcpTrace.ts';
import { SCENARIO_PANEL_TYPE } from '../ids.ts';
import { openDocument } from '../learnerDocument.ts';
import type { Reporter } from '../reporter.ts';
import { parseScenarioText } from '../scenarioText.ts';
import { loadPage } from './page.ts';

/** The diagram of a trace's model, where there is one. */
const DIAGRAMS: Readonly<Partial<Record<string, PanelSnapshot['lab']['diagram']>>> = { [TCP_MODEL]: 'accept-queue', [CPU_MODEL]: 'cores', [RETRY_MODEL]: 'retries' };

/** The pictures of simulated scenario files, one a file; each follows its file while it is edited. */
export class ScenarioPanels implements vscode.Disposable {
  private readonly open = new Map<string, vscode.WebviewPanel>();

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly reporter: Reporter,
  ) {}

  /** True for a trace that there is a diagram for. */
  canDraw({ model }: Trace): boolean {
    return DIAGRAMS[model] !== undefined;
  }

  show(source: vscode.TextDocument): void {
    const key = source.uri.toString();
    const shown = this.open.get(key);
    if (shown) return shown.reveal(undefined, true);
    const title = `${basename(source.uri.path)}: simulated`;
    const panel = vscode.window.createWebviewPanel(SCENARIO_PANEL_TYPE, title, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
    const post = (message: ToPanel): void => void panel.webview.postMessage(message);
    const refresh = (): void => post({ type: 'snapshot', snapshot: scenarioSnapshot(title, this.simulate(source)) });
    const listeners = [
      panel.webview.onDidReceiveMessage((message: FromPanel) => {
        if (message.type === 'ready') refresh();
        else post({ type: 'reply', id: message.id, error: 'This panel shows a file: there is nothing to run or to grade here.' });
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => document.uri.toString() === key && refresh()),
    ];
    this.open.set(key, panel);
    panel.onDidDispose(() => {
      this.open.delete(key);
      for (const listener of listeners) listener.dispose();
    });
    loadPage(panel, this.extensionUri);
  }

  dispose(): void {
    for (const panel of this.open.values()) panel.dispose();
  }

  private simulate(source: vscode.TextDocument): SimulationView {
    try {
      const text = (openDocument(source.uri) ?? source).getText();
      return { state: 'done', trace: simulateScenario(parseScenarioText(text, basename(source.uri.path))).trace, quantities: [] };
    } catch (error) {
      return { state: 'failed', message: this.reporter.sentence(error, 'The simulation') };
    }
  }
}

/** A lab that is nothing but its simulation. */
function scenarioSnapshot(title: string, simulation: SimulationView): PanelSnapshot {
  const diagram = (simulation.state === 'done' && DIAGRAMS[simulation.trace.model]) || 'none';
  return {
    lab: { id: 'scenario', title, summary: '', minutes: 0, diagram, sliders: [], presets: [], glossary: [], steps: ['simulate'] },
    step: 'simulate',
    machine: null,
    trusted: true,
    predictions: [],
    runLocked: true,
    values: {},
    simulation,
    run: { state: 'idle' },
    server: { state: 'stopped' },
    exercises: [],
    quiz: [],
    quizLeft: 0,
  };
}
