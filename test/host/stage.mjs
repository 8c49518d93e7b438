// Puts what ships into a folder: the content of the .vsix, which tests and `npm start` run instead of the checkout.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HumanError } from './console.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Copies the shipped files of the project into `folder` and returns their names. */
export function stageExtension(folder) {
  const files = shippedFiles();
  for (const name of ['dist/extension.cjs', 'dist/runner.cjs', 'dist/webview/main.js']) {
    if (!files.includes(name)) throw new HumanError(`${name} is missing, so there is no extension to start: \`npm run build\` says why.`);
  }
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  return files;
}

/** What .vscodeignore lets through: it ignores all (`**`) and names what ships in its `!` lines. */
export function shippedFiles() {
  const lines = readFileSync(join(root, '.vscodeignore'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const kept = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  if (lines.length !== kept.length + 1 || lines[0] !== '**') throw new Error('.vscodeignore must ignore ** and then name what ships.');
  const patterns = kept.map(matcher);
  const folders = new Set(kept.map((pattern) => pattern.split('/')[0]));
  return [...folders].flatMap(filesIn).filter((file) => patterns.some((pattern) => pattern.test(file))).sort();
}

function filesIn(name) {
  const path = join(root, name);
  if (!existsSync(path)) return [];
  const entries = name.includes('.') || name === 'LICENSE' ? [] : readdirSync(path, { recursive: true, withFileTypes: true });
  if (entries.length === 0) return [name];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length).replaceAll('\\', '/'));
}

/** The regular expression of a glob with `**`, `*` and `{a,b}`. */
function matcher(glob) {
  const source = glob
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\{([^}]*)\}/g, (_all, list) => `(${list.replaceAll(',', '|')})`)
    .replace(/\*\*|\*/g, (stars) => (stars === '**' ? '.*' : '[^/]*'));
  return new RegExp(`^${source}$`);
}
