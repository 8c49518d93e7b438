import * as vscode from 'vscode';
import type { Engine } from './engine.ts';
import { COMMANDS, type CommandId } from './ids.ts';
import type { Lazy } from './lazy.ts';
import type { Reporter } from './reporter.ts';

interface ContributedCommand {
  readonly command: string;
  readonly title: string;
}

/** What the code reads of package.json. */
export interface PackageJson {
  readonly contributes: { readonly commands: readonly ContributedCommand[] };
}

/** Registers every command: each waits for the engine, and what it throws is told. */
export function registerCommands(engine: Lazy<Engine>, reporter: Reporter, packageJson: PackageJson): vscode.Disposable {
  const titles = new Map(packageJson.contributes.commands.map(({ command, title }) => [command, title.replace('…', '')]));
  const register = (id: CommandId): vscode.Disposable => {
    const run = async (argument: unknown): Promise<unknown> => (await engine.get()).handle(id, argument);
    return vscode.commands.registerCommand(id, (argument: unknown) => reporter.guard(titles.get(id) ?? id, () => run(argument)));
  };
  return vscode.Disposable.from(...Object.values(COMMANDS).map(register));
}
