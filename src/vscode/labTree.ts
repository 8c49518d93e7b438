import * as vscode from 'vscode';
import type { Changes } from './changes.ts';
import type { Engine } from './engine.ts';
import { VIEWS } from './ids.ts';
import type { Lazy } from './lazy.ts';
import type { Reporter } from './reporter.ts';
import type { TreeNode } from './treeNodes.ts';

/** The labs, their exercises and quizzes, each with its state. */
export class LabTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.emitter.event;
  private readonly listener: vscode.Disposable;

  constructor(
    private readonly engine: Lazy<Engine>,
    private readonly reporter: Reporter,
    changes: Changes,
  ) {
    this.listener = changes.onDidChange((change) => {
      if (change === 'labs' || change === 'progress' || change === 'grading') this.emitter.fire(undefined);
    });
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node) return [...node.children];
    return (await this.reporter.guard('Reading the labs', async () => (await this.engine.get()).treeNodes())) ?? [];
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const isFirst = node.children.length > 0 && node.id.startsWith('0');
    const item = new vscode.TreeItem(node.label, node.children.length === 0 ? None : isFirst ? Expanded : Collapsed);
    item.id = node.id;
    item.description = node.description;
    item.tooltip = new vscode.MarkdownString(node.tooltip);
    item.iconPath = new vscode.ThemeIcon(node.icon, node.color === undefined ? undefined : new vscode.ThemeColor(node.color));
    item.contextValue = node.contextValue;
    item.accessibilityInformation = { label: node.accessible, role: 'treeitem' };
    if (node.command) item.command = { command: node.command, title: node.label, arguments: [node] };
    return item;
  }

  dispose(): void {
    this.listener.dispose();
    this.emitter.dispose();
  }
}

/** Registers the tree and the welcome view above it, which is all text and so has no rows. */
export function registerViews(tree: LabTree): vscode.Disposable {
  const noRows: vscode.TreeDataProvider<never> = { getChildren: () => [], getTreeItem: (element) => element };
  return vscode.Disposable.from(
    vscode.window.createTreeView(VIEWS.labs, { treeDataProvider: tree, showCollapseAll: true }),
    vscode.window.createTreeView(VIEWS.welcome, { treeDataProvider: noRows }),
    tree,
  );
}
