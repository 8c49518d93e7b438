// Who may import whom: the table of rooms. `npm test -- imports` checks it; test/unit/workshop plants each forbidden edge.

/** Room → its files, the rooms it may import besides itself, and whether it is pure (no Node, no browser, one library). */
const ROOMS = {
  shared: { path: '^src/shared/', may: [], pure: true },
  sim: { path: '^src/sim/', may: ['shared'], pure: true },
  runtime: { path: '^src/runtime/', may: ['shared'] },
  kit: { path: '^src/kit/', may: ['shared', 'sim', 'runtime'] },
  catalog: { path: '^src/catalog/', may: ['shared', 'runtime'] },
  grading: { path: '^src/grading/', may: ['shared', 'runtime'] },
  useCases: { path: '^src/labs/', may: ['shared', 'sim', 'runtime', 'catalog', 'grading'] },
  vscode: { path: '^src/(vscode/|extension\\.ts$)', may: ['shared', 'sim', 'runtime', 'catalog', 'grading', 'useCases'] },
  cli: { path: '^src/cli(/|\\.ts$)', may: ['shared', 'sim', 'runtime', 'catalog', 'grading', 'useCases'] },
  runner: { path: '^src/runner\\.ts$', may: ['shared', 'kit'] },
  webview: { path: '^webview/', may: ['shared'] },
  labs: { path: '^labs/', may: [] },
};
const OURS = '^(src|webview|labs|test)/';
const KIT = '^src/kit/kit\\.ts$';
/** What lab content may import: the kit's door, and the database's, a module of its own. */
const DOORS = [KIT, '^src/kit/sqlite/sqlite\\.ts$'];
const PURE = Object.values(ROOMS).filter((room) => room.pure).map((room) => room.path);
const NPM = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

const roomRules = Object.entries(ROOMS).map(([name, { path, may }]) => ({
  name: `room-${name}`,
  comment: `${name} may import ${may.length > 0 ? may.join(', ') : 'nothing of ours'}`,
  severity: 'error',
  from: { path },
  to: { path: OURS, pathNot: [path, ...may.map((room) => ROOMS[room].path), ...(name === 'labs' ? DOORS : [])] },
}));

export default {
  forbidden: [
    ...roomRules,
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-room', comment: 'every file is in a room', severity: 'error', from: { path: '^(src|webview|labs)/', pathNot: Object.values(ROOMS).map((room) => room.path) }, to: {} },
    { name: 'no-barrel', comment: 'import from where it is defined; only the door of the kit, a published module, gathers', severity: 'error', from: { path: '^(src|webview)/', pathNot: KIT }, to: { dependencyTypes: ['export'] } },
    { name: 'no-missing', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^vscode$' } },
    { name: 'only-vscode-imports-vscode', severity: 'error', from: { path: '^(src|webview|labs)/', pathNot: ROOMS.vscode.path }, to: { path: '(^|/)vscode(/|$)', pathNot: '^(src|webview|labs)/' } },
    { name: 'only-ui-imports-toolkit', severity: 'error', from: { pathNot: '^(webview/ui|test)/' }, to: { path: '@vscode/webview-ui-toolkit' } },
    { name: 'pure-no-node', severity: 'error', from: { path: PURE }, to: { dependencyTypes: ['core'] } },
    { name: 'pure-no-library', severity: 'error', from: { path: PURE }, to: { dependencyTypes: NPM, pathNot: '@sinclair/typebox' } },
    { name: 'webview-no-node', severity: 'error', from: { path: ROOMS.webview.path }, to: { dependencyTypes: ['core'] } },
    { name: 'labs-no-library', severity: 'error', from: { path: ROOMS.labs.path }, to: { dependencyTypes: NPM } },
    { name: 'no-unlisted', severity: 'error', from: {}, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: '(^|/)vscode(/|$)' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
