import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS, CONFIGURATION, SETTINGS } from '../../src/vscode/ids.ts';
import type { TreeNode } from '../../src/vscode/treeNodes.ts';
import { eventually, LAB, startAfresh, target, testApi } from './support.ts';

async function roots(): Promise<TreeNode[]> {
  return (await testApi()).tree.getChildren();
}

describe('the tree', () => {
  beforeEach(startAfresh);

  it('shows the lab with its exercises and its quiz, with names for a screen reader', async () => {
    const { tree } = await testApi();
    const lab = (await roots()).find(({ id }) => id === LAB);
    assert.ok(lab);
    assert.equal(lab.label, 'How a connection is accepted');
    const rows = await tree.getChildren(lab);
    assert.deepEqual(rows.slice(0, 2).map(({ exercise, description }) => [exercise, description]), [['survive-the-burst', 'not started'], ['shed-load', 'not started']]);
    assert.equal(rows.at(-1)?.label, 'Quiz');
    assert.match(tree.getTreeItem(lab).accessibilityInformation?.label ?? '', /0 of 4 done/);
    for (const node of rows) {
      const item = tree.getTreeItem(node);
      assert.ok(item.accessibilityInformation?.label.includes(node.description), `${node.id} says its state to a screen reader`);
      assert.ok(item.description, `${node.id} says its state in words`);
    }
  });

  it('shows what was started', async () => {
    await vscode.commands.executeCommand(COMMANDS.startExercise, target);
    const exercise = async (): Promise<TreeNode | undefined> => (await roots()).find(({ id }) => id === LAB)?.children.find(({ id }) => id.endsWith('/survive-the-burst'));
    const started = await eventually('the exercise is started', async () => ((await exercise())?.description === 'started' ? exercise() : undefined));
    assert.equal(started.contextValue, 'exercise.started');
  });

  it('shows a broken lab folder with its sentence, and the other labs beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bl-labs-'));
    mkdirSync(join(folder, '90-broken'));
    writeFileSync(join(folder, '90-broken', 'lab.json'), '{"id": "90-broken"}');
    try {
      await vscode.workspace.getConfiguration(CONFIGURATION).update(SETTINGS.labFolders, [folder], vscode.ConfigurationTarget.Global);
      const problem = await eventually('the problem shows', async () => (await roots()).find(({ label }) => label === '90-broken'));
      assert.match(problem.description, /lab\.json.*must be/);
      assert.equal(problem.contextValue, 'problem');
      assert.ok((await roots()).some(({ id }) => id === LAB));
      writeFileSync(join(folder, '90-broken', 'lab.json'), 'not json');
      await vscode.commands.executeCommand(COMMANDS.refreshLabs);
      await eventually('the new problem shows', async () => (await roots()).some(({ description }) => description.includes('is not JSON')));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
