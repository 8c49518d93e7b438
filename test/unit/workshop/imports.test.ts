import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkImports } from '../../scripts/import-rules.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

/** The table of rooms, written out once more: who may import whom. `may` may be anything, must not be nothing. */
const rooms = ['shared', 'sim', 'runtime', 'kit', 'catalog', 'grading', 'useCases', 'vscode', 'cli', 'runner', 'webview', 'labs'] as const;
type Room = (typeof rooms)[number];
const may: Record<Room, Room[]> = {
  shared: [],
  sim: ['shared'],
  runtime: ['shared'],
  kit: ['shared', 'sim', 'runtime'],
  catalog: ['shared', 'runtime'],
  grading: ['shared', 'runtime'],
  useCases: ['shared', 'sim', 'runtime', 'catalog', 'grading'],
  vscode: ['shared', 'sim', 'runtime', 'catalog', 'grading', 'useCases'],
  cli: ['shared', 'sim', 'runtime', 'catalog', 'grading', 'useCases'],
  runner: ['shared', 'kit'],
  webview: ['shared'],
  labs: ['kit'],
};
const folderOf: Record<Room, string> = {
  shared: 'src/shared',
  sim: 'src/sim/tcp',
  runtime: 'src/runtime',
  kit: 'src/kit',
  catalog: 'src/catalog',
  grading: 'src/grading',
  useCases: 'src/labs',
  vscode: 'src/vscode',
  cli: 'src/cli',
  runner: 'src',
  webview: 'webview/plot',
  labs: 'labs/01-a/exercises/b',
};
const fileOf = (room: Room) => (room === 'runner' ? 'src/runner.ts' : room === 'kit' ? 'src/kit/kit.ts' : `${folderOf[room]}/room.ts`);

/** `runner` is a single file, so that its plants are imports in that one file; the others get a file for each plant. */
const plants: { from: string; room: Room; to: Room }[] = rooms.flatMap((room) =>
  rooms.filter((to) => to !== room).map((to) => ({ from: room === 'runner' ? 'src/runner.ts' : `${folderOf[room]}/takes-${to}.ts`, room, to })),
);

const project = mkdtempSync(join(tmpdir(), 'rooms-'));
let found: Awaited<ReturnType<typeof checkImports>>;

function write(file: string, text: string): void {
  const path = join(project, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const specifier = (from: string, to: string) => {
  const path = relative(dirname(from), to).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
};

beforeAll(async () => {
  writeFileSync(join(project, 'package.json'), '{ "type": "module", "dependencies": { "@sinclair/typebox": "*", "preact": "*", "@vscode/webview-ui-toolkit": "*" } }');
  writeFileSync(join(project, 'tsconfig.json'), '{ "compilerOptions": { "module": "ESNext", "moduleResolution": "bundler", "paths": { "backend-labs/kit": ["./src/kit/kit.ts"] } } }');
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  for (const room of rooms.filter((each) => each !== 'runner')) write(fileOf(room), 'export type T = 1;\n');
  write('src/runner.ts', `export type T = 1;\n${plants.filter((plant) => plant.room === 'runner').map((plant) => `import type { T as ${plant.to} } from '${specifier('src/runner.ts', fileOf(plant.to))}';\n`).join('')}`);
  for (const { from, to, room } of plants.filter((plant) => plant.room !== 'runner')) {
    write(from, `import type { T } from '${room === 'labs' && to === 'kit' ? 'backend-labs/kit' : specifier(from, fileOf(to))}';\nexport const t: T = 1;\n`);
  }
  write('src/sim/tcp/uses-node.ts', "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n");
  write('src/shared/uses-library.ts', "import { h } from 'preact';\nexport const x = h;\n");
  write('src/shared/uses-typebox.ts', "import { Type } from '@sinclair/typebox';\nexport const x = Type;\n");
  write('src/runtime/uses-node.ts', "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n");
  write('src/runtime/uses-vscode.ts', "import type { Uri } from 'vscode';\nexport type X = Uri;\n");
  write('src/vscode/uses-vscode.ts', "import type { Uri } from 'vscode';\nexport type X = Uri;\n");
  write('src/extension.ts', "import type { Uri } from 'vscode';\nexport type X = Uri;\n");
  write('webview/plot/uses-toolkit.ts', "import { Button } from '@vscode/webview-ui-toolkit';\nexport const x = Button;\n");
  write('webview/ui/uses-toolkit.ts', "import { Button } from '@vscode/webview-ui-toolkit';\nexport const x = Button;\n");
  write('webview/plot/uses-node.ts', "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n");
  write('labs/01-a/uses-node.ts', "import { createServer } from 'node:net';\nexport const x = createServer;\n");
  write('labs/01-a/uses-library.ts', "import { h } from 'preact';\nexport const x = h;\n");
  write('src/grading/one.ts', "import { two } from './two.ts';\nexport const one: number = two;\n");
  write('src/grading/two.ts', "import { one } from './one.ts';\nexport const two: number = one;\n");
  write('src/catalog/barrel.ts', "export { x } from './plain.ts';\n");
  write('src/catalog/plain.ts', 'export const x = 1;\n');
  write('src/catalog/lost.ts', "import { x } from './nowhere.ts';\nexport const y = x;\n");
  write('src/attic/file.ts', "import type { T } from '../shared/room.ts';\nexport const t: T = 1;\n");
  found = await checkImports(project);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

const rulesAt = (from: string, to?: string) => found.violations.filter((each) => each.from === from && (to === undefined || each.to === to)).map((each) => each.rule);

describe('import rules', () => {
  it('read every module and see its imports', () => {
    expect(found.unread).toEqual([]);
    expect(found.modules).toBeGreaterThan(plants.filter((plant) => plant.room !== 'runner').length + rooms.length);
    expect(found.imports).toBeGreaterThan(plants.length);
  });

  it.each(plants.map((plant) => [plant.room, plant.to, plant.from] as const))('%s importing %s: as the table says', (room, to, from) => {
    expect(rulesAt(from, fileOf(to)), `${from} → ${fileOf(to)}`).toEqual(may[room].includes(to) ? [] : [`room-${room}`]);
  });

  it.each([
    ['src/sim/tcp/uses-node.ts', ['pure-no-node']],
    ['src/shared/uses-library.ts', ['pure-no-library']],
    ['src/shared/uses-typebox.ts', []],
    ['src/runtime/uses-node.ts', []],
    ['src/runtime/uses-vscode.ts', ['only-vscode-imports-vscode']],
    ['src/vscode/uses-vscode.ts', []],
    ['src/extension.ts', []],
    ['webview/plot/uses-toolkit.ts', ['only-ui-imports-toolkit']],
    ['webview/ui/uses-toolkit.ts', []],
    ['webview/plot/uses-node.ts', ['webview-no-node']],
    ['labs/01-a/uses-node.ts', []],
    ['labs/01-a/uses-library.ts', ['labs-no-library']],
    ['src/catalog/barrel.ts', ['no-barrel']],
    ['src/catalog/lost.ts', ['no-missing']],
    ['src/attic/file.ts', ['no-room']],
  ])('%s: %j', (from, rules) => {
    expect(rulesAt(from)).toEqual(rules);
  });

  it('finds a cycle', () => {
    expect([...rulesAt('src/grading/one.ts'), ...rulesAt('src/grading/two.ts')]).toContain('no-cycle');
  });
});
