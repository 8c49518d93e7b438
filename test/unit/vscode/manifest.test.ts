import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS, CONFIGURATION, CONTEXTS, PANEL_TYPE, SETTINGS, TREE_ITEMS, VIEWS, WALKTHROUGH } from '../../../src/vscode/ids.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (file: string): string => readFileSync(root + file, 'utf8');
const manifest = JSON.parse(read('package.json'));
const { contributes } = manifest;
const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

const sources = readdirSync(`${root}src/vscode`, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: read(`src/vscode/${name}`) }));
const code = sources.filter(({ name }) => name !== 'ids.ts').map(({ text }) => text).join('\n') + read('src/extension.ts');

/** Every string in the contributions below `key`, with its key. */
function strings(value: unknown, key = ''): { key: string; text: string }[] {
  if (typeof value === 'string') return [{ key, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => strings(inner, Array.isArray(value) ? key : name));
}
const whens = strings(contributes).filter(({ key, text }) => key === 'when' || (key === 'completionEvents' && text.startsWith('onContext:'))).map(({ text }) => text);

describe('package.json and the code', () => {
  it('name the same commands', () => {
    expect(sorted(contributes.commands.map(({ command }: { command: string }) => command))).toEqual(sorted(Object.values(COMMANDS)));
  });

  it('name the same settings', () => {
    expect(sorted(Object.keys(contributes.configuration.properties))).toEqual(sorted(Object.values(SETTINGS).map((id) => `${CONFIGURATION}.${id}`)));
  });

  it('name the same views', () => {
    const declared = Object.values(contributes.views as Record<string, { id: string }[]>).flat();
    expect(sorted(declared.map(({ id }) => id))).toEqual(sorted(Object.values(VIEWS)));
  });

  it('name the same context keys', () => {
    const ids = new Set([...Object.values(COMMANDS), ...Object.values(VIEWS)] as string[]);
    const used = whens.flatMap((when) => when.match(/backendLabs\.\w+/g) ?? []).filter((id) => !ids.has(id));
    expect(sorted(used)).toEqual(sorted(Object.values(CONTEXTS)));
  });

  it('name the same kinds of tree items', () => {
    const used = whens.flatMap((when) => [...when.matchAll(/viewItem (?:==|=~) \/?\^?(\w+)/g)].map(([, kind]) => kind as string));
    expect(sorted(used)).toEqual(sorted(Object.values(TREE_ITEMS)));
  });

  it('use every id that ids.ts names', () => {
    const names = (table: string, ids: object): string[] => Object.keys(ids).map((name) => `${table}.${name}`);
    const all = [...names('COMMANDS', COMMANDS), ...names('SETTINGS', SETTINGS), ...names('CONTEXTS', CONTEXTS), ...names('VIEWS', VIEWS), ...names('TREE_ITEMS', TREE_ITEMS)];
    expect(all.filter((name) => !code.includes(name))).toEqual([]);
  });

  it('write no id of ours beside ids.ts', () => {
    const ids: string[] = [...Object.values(COMMANDS), ...Object.values(CONTEXTS), ...Object.values(VIEWS), PANEL_TYPE];
    expect(ids.filter((id) => code.includes(`'${id}'`))).toEqual([]);
  });

  it('agree on the panel that outlives a reload and on the walkthrough', () => {
    expect(manifest.activationEvents).toContain(`onWebviewPanel:${PANEL_TYPE}`);
    expect(contributes.walkthroughs.map(({ id }: { id: string }) => id)).toEqual([WALKTHROUGH]);
  });
});

describe('package.json', () => {
  it('uses in menus, keys and links only commands that there are', () => {
    const menus = strings([contributes.menus, contributes.keybindings]).filter(({ key }) => key === 'command').map(({ text }) => text);
    const links = [...JSON.stringify([contributes.viewsWelcome, contributes.walkthroughs]).matchAll(/command:([\w.]+)/g)].map(([, id]) => id as string);
    const events = strings(contributes.walkthroughs).flatMap(({ text }) => (text.startsWith('onCommand:') ? [text.slice('onCommand:'.length)] : []));
    const ours = [...menus, ...links, ...events].filter((id) => !id.startsWith('workbench.'));
    expect(ours.length).toBeGreaterThan(20);
    expect(ours.filter((id) => !(Object.values(COMMANDS) as string[]).includes(id))).toEqual([]);
  });

  it('links to the walkthrough that there is', () => {
    const [, target] = /openWalkthrough\?%22(.*?)%22/.exec(JSON.stringify(contributes.viewsWelcome)) ?? [];
    expect(decodeURIComponent(target ?? '')).toBe(`${manifest.publisher}.${manifest.name}#${WALKTHROUGH}`);
  });

  it('names pictures that there are', () => {
    const files = strings([contributes.viewsContainers, contributes.views, contributes.walkthroughs]).filter(({ key }) => ['icon', 'svg', 'image', 'markdown'].includes(key));
    const named = [manifest.icon as string, ...files.map(({ text }) => text)];
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((file) => !existsSync(root + file))).toEqual([]);
  });

  it('publishes the schemas that it validates with', () => {
    const urls = contributes.jsonValidation.map(({ url }: { url: string }) => url.replace('./dist/schemas/', '').replace('.schema.json', ''));
    const built = [...read('esbuild.mjs').matchAll(/\['(\w+)', 'src\/shared\/lab|publish\('(\w+)'/g)].map(([, one, other]) => (one ?? other) as string);
    expect(sorted(urls)).toEqual(sorted(built));
  });

  it('describes every setting, with a default in its range', () => {
    for (const [id, property] of Object.entries<Record<string, unknown>>(contributes.configuration.properties)) {
      expect(String(property.description ?? property.markdownDescription).length, id).toBeGreaterThan(30);
      expect(property, id).toHaveProperty('default');
      if (property.type !== 'number') continue;
      expect(property.default, id).toBeGreaterThanOrEqual(property.minimum as number);
      expect(property.default, id).toBeLessThanOrEqual(property.maximum as number);
    }
  });

  it('has one category, and titles that fit a menu', () => {
    for (const { category, title } of contributes.commands as { category: string; title: string }[]) {
      expect(category).toBe('Backend Labs');
      expect(title.length).toBeLessThan(30);
    }
  });

  it('restricts what a folder could point at programs with', () => {
    expect(manifest.capabilities.untrustedWorkspaces.supported).toBe('limited');
    for (const id of manifest.capabilities.untrustedWorkspaces.restrictedConfigurations as string[]) expect(Object.keys(contributes.configuration.properties)).toContain(id);
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toContain(`${CONFIGURATION}.${SETTINGS.labFolders}`);
  });

  it('asks for no newer VS Code than its types describe', () => {
    expect(manifest.engines.vscode).toBe(`^${manifest.devDependencies['@types/vscode']}`);
  });
});
