import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const nodeGlobals = ['process', 'console', 'Buffer', 'URL', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'performance', 'fetch', 'AbortController', 'AbortSignal'];
const typed = ['src/**/*.ts', 'webview/**/*.{ts,tsx}', 'test/**/*.{ts,tsx}', '*.ts'];
const taught = ['labs/**/*.ts'];
const scripts = ['**/*.{mjs,cjs,js}'];

/** What a pure room may not touch: it gives the same output for the same input, in any host. */
const impure = (name, message) => ({ name, message });
const clock = 'Time is passed in: take it from the simulator.';
const impureGlobals = [
  impure('performance', clock),
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map((name) => impure(name, clock)),
  ...['process', 'Buffer', 'require', '__dirname'].map((name) => impure(name, 'This room has no Node.')),
  ...['window', 'document', 'navigator', 'fetch', 'crypto'].map((name) => impure(name, 'This room has no browser.')),
];
const noClock = {
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: 'Randomness is passed in: take a stream of src/sim/engine/random.ts.' },
    { object: 'Date', property: 'now', message: clock },
    { object: 'performance', property: 'now', message: clock },
  ],
};
const newDate = { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: clock };
const power = 'The last bit of a power differs between versions of Node: multiply, or take Math.exp and Math.log.';
/** Powers of two are exact everywhere. */
const powers = [
  { selector: ':matches(BinaryExpression[operator="**"]:not([left.raw=/^[28]$/]), AssignmentExpression[operator="**="])', message: power },
  { selector: 'MemberExpression[object.name="Math"][property.name="pow"]', message: power },
];

/** Learner and lab code has its types stripped, not compiled. */
const notStrippable = [
  { selector: 'TSEnumDeclaration', message: 'An enum cannot be stripped; use a union of literals.' },
  { selector: 'TSModuleDeclaration[declare!=true]', message: 'A namespace cannot be stripped; use a module.' },
  { selector: 'TSParameterProperty', message: 'A parameter property cannot be stripped; declare the field.' },
];

export default tseslint.config(
  { ignores: ['dist/', '.cache/', 'shots/', '**/node_modules/', 'test/fixtures/', 'test/bench/peers/', 'test/conformance/reference/', 'coverage/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: [...typed, ...taught, ...scripts],
    rules: {
      'max-lines': ['error', 300],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      eqeqeq: ['error', 'smart'],
    },
  },
  {
    files: scripts,
    languageOptions: { globals: Object.fromEntries(nodeGlobals.map((name) => [name, 'readonly'])) },
  },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs', globals: { require: 'readonly', module: 'writable', exports: 'writable', __dirname: 'readonly', __filename: 'readonly' } } },
  {
    files: typed,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: ['tsconfig.json', 'test/tsconfig.json', 'tsconfig.webview.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      '@typescript-eslint/no-extraneous-class': 'off',
      // What comes from JSON, a message or the kernel is not what its type says until it was checked.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // An async function without await still turns a throw into a rejection, which its callers count on.
      '@typescript-eslint/require-await': 'off',
      // There are no enums here, and classes are compared by shape; these two and the next cost a third of the time.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-deprecated': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['src/**/*.ts', 'webview/**/*.{ts,tsx}'],
    ignores: ['src/cli/**', 'src/runner.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['src/sim/**/*.ts', 'src/shared/**/*.ts'],
    rules: { ...noClock, 'no-restricted-globals': ['error', ...impureGlobals], 'no-restricted-syntax': ['error', newDate] },
  },
  { files: ['src/sim/**/*.ts'], rules: { 'no-restricted-syntax': ['error', newDate, ...powers] } },
  {
    files: ['test/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: taught,
    extends: [tseslint.configs.recommended],
    languageOptions: { globals: Object.fromEntries(nodeGlobals.map((name) => [name, 'readonly'])) },
    rules: { 'no-restricted-syntax': ['error', ...notStrippable] },
  },
  {
    // What learners start from, and what they get wrong, may look like what learners write.
    files: ['labs/**/exercises/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-vars': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      'no-constant-condition': 'off',
      'no-empty': 'off',
      'no-warning-comments': 'off',
      'prefer-const': 'off',
    },
  },
);
