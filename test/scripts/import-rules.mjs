// Checks who imports whom against .dependency-cruiser.mjs, and that every module was really read.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import config from '../../.dependency-cruiser.mjs';

const FOLDERS = ['src', 'webview', 'labs'];

/**
 * What `folder`, a project of our layout, breaks: `violations` as `{ rule, from, to }`, `unread` the files whose imports were
 * not seen, and how many `modules` and `imports` were.
 * @param {string} folder
 * @returns {Promise<{ violations: { rule: string, from: string, to: string }[], unread: string[], modules: number, imports: number }>}
 */
export async function checkImports(folder) {
  const files = FOLDERS.flatMap((each) => sources(folder, each));
  const { options, forbidden } = config;
  const { output } = await cruise(
    files,
    { ...options, tsConfig: undefined, baseDir: folder, ruleSet: { forbidden, options }, validate: true },
    {},
    { tsConfig: extractTSConfig(join(folder, 'tsconfig.json')) },
  );
  const read = new Map(output.modules.map((module) => [module.source, module]));
  const unread = files.filter((file) => {
    const imports = /^(import|export)\b[^;]*?\bfrom\s+['"]|^import\s+['"]/m.test(readFileSync(join(folder, file), 'utf8'));
    return !read.has(file) || (imports && read.get(file).dependencies.length === 0);
  });
  return {
    violations: output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
    unread,
    modules: files.length - unread.length,
    imports: files.reduce((sum, file) => sum + (read.get(file)?.dependencies.length ?? 0), 0),
  };
}

/** The TypeScript files under `under`, relative to `folder`. */
function sources(folder, under) {
  return readdirSync(join(folder, under), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length).replace(/^[\\/]/, '').replaceAll('\\', '/'))
    .sort();
}

async function main() {
  const { violations, unread, modules, imports } = await checkImports(fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, ''));
  for (const { rule, from, to } of violations) console.log(`${rule}: ${from} → ${to}`);
  for (const file of unread) console.log(`not read: ${file}`);
  console.log(`${violations.length} violations in ${modules} modules with ${imports} imports`);
  if (violations.length > 0 || unread.length > 0 || imports === 0) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
