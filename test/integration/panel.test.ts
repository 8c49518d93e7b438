import assert from 'node:assert/strict';
import { get } from 'node:http';
import * as vscode from 'vscode';
import type { FromPanel, PanelMethod, PanelRequests, PanelSnapshot, ToPanel } from '../../src/shared/protocol.ts';
import { PROGRESS_KEY } from '../../src/vscode/begun.ts';
import { COMMANDS, PANEL_TYPE } from '../../src/vscode/ids.ts';
import { answerWith, coreOf, eventually, LAB, startAfresh, tabs } from './support.ts';

/** A session as a panel has it, with a page that keeps what it is sent. */
async function openSession(): Promise<{ ask<M extends PanelMethod>(method: M, params: PanelRequests[M]): Promise<string | undefined>; snapshot(): PanelSnapshot }> {
  const core = await coreOf();
  const replies = new Map<number, string | undefined>();
  const session = core.panels.createSession(await core.labs.lab(LAB), (message: ToPanel) => {
    if (message.type === 'reply') replies.set(message.id, message.error);
  });
  let id = 0;
  return {
    ask: async (method, params) => {
      await session.receive({ type: 'request', id: ++id, method, params } as FromPanel);
      assert.ok(replies.has(id), `${method} was not answered`);
      return replies.get(id);
    },
    snapshot: () => session.snapshot(),
  };
}

function fetchText(port: number): Promise<number> {
  return new Promise((resolve, reject) => get({ host: '127.0.0.1', port }, (response) => resolve(response.resume().statusCode ?? 0)).on('error', reject));
}

describe('the panel', () => {
  beforeEach(startAfresh);

  it('opens as a tab, once', async () => {
    await vscode.commands.executeCommand(COMMANDS.startLab, LAB);
    await vscode.commands.executeCommand(COMMANDS.openLab, { lab: LAB });
    const isPanel = ({ input }: vscode.Tab): boolean => input instanceof vscode.TabInputWebview && input.viewType.endsWith(PANEL_TYPE);
    await eventually('the tab shows', () => tabs().some(isPanel));
    assert.equal(tabs().filter(isPanel).length, 1);
    assert.equal(tabs().find(isPanel)?.label, 'How a connection is accepted');
  });

  it('keeps Run locked until the questions are answered or skipped, also from the palette', async () => {
    const errors = answerWith('showErrorMessage');
    await vscode.commands.executeCommand(COMMANDS.runForReal, LAB);
    assert.match(errors.firstCall.args[0] as string, /^Predict first/);
    const panel = await openSession();
    assert.match((await panel.ask('run', {})) ?? '', /^Predict first/);
    assert.equal(panel.snapshot().step, 'predict');
  });

  it('simulates when a slider moves, and keeps the value', async () => {
    const panel = await openSession();
    const { minimum, maximum, id } = panel.snapshot().lab.sliders[0] ?? assert.fail('the lab has no slider');
    assert.equal(panel.snapshot().simulation.state, 'done');
    assert.equal(await panel.ask('setValues', { values: { [id]: minimum } }), undefined);
    const low = panel.snapshot().simulation;
    assert.equal(await panel.ask('setValues', { values: { [id]: maximum } }), undefined);
    assert.notDeepEqual(panel.snapshot().simulation, low);
    assert.equal((await openSession()).snapshot().values[id], maximum);
  });

  it('keeps what was done in VS Code’s storage', async () => {
    const panel = await openSession();
    const [first] = panel.snapshot().predictions;
    await panel.ask('predict', { answers: { [first?.id ?? '']: first?.minimum ?? 0 } });
    await panel.ask('showStep', { step: 'simulate' });
    const stored = (await coreOf()).context.globalState.get<{ labs: Record<string, { step: string; said: unknown }> }>(PROGRESS_KEY);
    assert.equal(stored?.labs[LAB]?.step, 'simulate');
    assert.deepEqual(stored.labs[LAB].said, { [first?.id ?? '']: first?.minimum });
  });

  it('runs the lab for real and puts what came beside what was said', async () => {
    const panel = await openSession();
    const answers = Object.fromEntries(panel.snapshot().predictions.map(({ id }) => [id, 'skipped' as const]));
    await panel.ask('predict', { answers });
    assert.equal(await panel.ask('run', {}), undefined);
    await eventually('the run has ended', () => !['idle', 'running'].includes(panel.snapshot().run.state), 60_000);
    const { run, predictions, machine } = panel.snapshot();
    assert.equal(run.state, 'done', JSON.stringify(run).slice(0, 500));
    assert.ok(run.state === 'done' && run.comparisons.length > 0);
    assert.equal(run.measured.source, 'measured');
    assert.equal(run.predicted.source, 'simulated');
    assert.ok(predictions.every(({ recalled }) => recalled && recalled.simulated !== null));
    assert.equal(machine?.platform, process.platform);
  }).timeout(90_000);

  it('cancels a real run', async () => {
    const panel = await openSession();
    await panel.ask('predict', { answers: Object.fromEntries(panel.snapshot().predictions.map(({ id }) => [id, 'skipped' as const])) });
    await panel.ask('run', {});
    assert.equal(await panel.ask('cancelRun', {}), undefined);
    await eventually('the run is cancelled', () => panel.snapshot().run.state === 'cancelled', 10_000);
  }).timeout(30_000);

  it('starts the lab’s server, which answers on its port until it is stopped', async () => {
    const panel = await openSession();
    assert.equal(await panel.ask('startServer', {}), undefined);
    const { server } = panel.snapshot();
    assert.ok(server.state === 'running', JSON.stringify(server));
    assert.ok(server.commands.length > 0 && server.commands.every(({ command }) => !command.includes('{')));
    assert.ok((await fetchText(server.port)) > 0);
    process.kill(server.pid, 0);
    assert.equal(await panel.ask('stopServer', {}), undefined);
    assert.equal(panel.snapshot().server.state, 'stopped');
    await assert.rejects(fetchText(server.port));
    assert.throws(() => process.kill(server.pid, 0), { code: 'ESRCH' });
  }).timeout(40_000);
});
