import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HumanError } from '../shared/errors.ts';
import { stripLabFile } from './stripTypes.ts';

const KIT = 'backend-labs/kit';
const SQLITE = 'backend-labs/sqlite';
const SQLITE_BUNDLE = 'sqlite.cjs';
/** The specifier of each import and re-export at the start of a line, and of each `import('…')`, in a module without types. */
const SPECIFIER = /(^[ \t]*(?:\}|(?:import|export)\b[^'"\n;]*?)\s*from\s*|^[ \t]*import\s*|\bimport\s*\(\s*)(["'])([^"'\n]+)\2/gm;

/**
 * Writes a lab's file and the files of the lab that it imports into the run's folder, without types, and resolves to the
 * path to import. They may import the kit, the database, Node's own modules and files of the same lab, and nothing else.
 */
export async function writeLabModule(path: string, labDir: string, folder: string): Promise<string> {
  const target = join(folder, 'lab');
  await provide({ [KIT]: 'kit.mjs', [SQLITE]: SQLITE_BUNDLE }, target);
  await writeFile(join(target, 'package.json'), '{"type":"module"}');
  return writeWithImports(resolve(path), resolve(labDir), target, new Set());
}

/**
 * Writes the learner's program, without types; it is plain Node code and gets no kit, only the database.
 * @param scriptUrl what the engine, and so a debugger, is to call it; its own URL unless given
 */
export async function writeLearnerModule(code: string, fileName: string, folder: string, scriptUrl?: string): Promise<string> {
  const target = join(folder, 'learner');
  const path = join(target, `${basename(fileName).replace(/\.[cm]?[tj]s$/, '')}.mjs`);
  const text = scriptUrl === undefined ? code : `${code}\n//# sourceURL=${scriptUrl}\n`;
  await Promise.all([provide({ [SQLITE]: SQLITE_BUNDLE }, target), writeFile(path, text)]);
  return path;
}

/** A stack with the lab's own files in place of the modules that were written from them; lines and columns are the same. */
export function stackOfLab(stack: string, labDir: string, folder: string): string {
  const target = join(folder, 'lab');
  return stack
    .replaceAll(pathToFileURL(target).href, target)
    .split(target)
    .map((part, i) => (i === 0 ? part : `${labDir}${part.replace(/^([^:\n]*)\.js:/, '$1.ts:')}`))
    .join('');
}

/** Lets modules in `folder` import these specifiers: specifier → the bundle that it is, which lies beside the runner. */
async function provide(bundles: Readonly<Record<string, string>>, folder: string): Promise<void> {
  const packageFolder = join(folder, 'node_modules/backend-labs');
  await mkdir(packageFolder, { recursive: true });
  // By a path without links: a confined program may not read them one by one.
  const besides = await realpath(dirname(process.argv[1] as string));
  const doors = Object.entries(bundles).map(([specifier, bundle]) => [basename(specifier), pathToFileURL(join(besides, bundle)).href] as const);
  const exports = Object.fromEntries(doors.map(([name]) => [`./${name}`, `./${name}.js`]));
  await Promise.all([
    writeFile(join(packageFolder, 'package.json'), JSON.stringify({ type: 'module', exports })),
    ...doors.map(([name, url]) => writeFile(join(packageFolder, `${name}.js`), `export * from ${JSON.stringify(url)};\n`)),
  ]);
}

async function writeWithImports(path: string, labDir: string, target: string, written: Set<string>): Promise<string> {
  const inside = relative(labDir, path);
  if (inside.startsWith(`..${sep}`)) throw new HumanError(`${path} lies outside its lab's folder, ${labDir}: a lab may import only its own files.`);
  const to = join(target, inside.replace(/\.ts$/, '.js'));
  if (written.has(to)) return to;
  written.add(to);
  const code = await stripLabFile(await readLabFile(path), path);
  const siblings: string[] = [];
  // `.js` is as long as `.ts`, so that columns stay.
  const rewritten = code.replace(SPECIFIER, (whole, before: string, quote: string, specifier: string) => {
    if (specifier === KIT || specifier === SQLITE || isBuiltin(specifier)) return whole;
    if (!/^\.\.?\//.test(specifier)) throw new HumanError(`${path} imports "${specifier}": a lab may import backend-labs/kit, backend-labs/sqlite, Node's own modules and its own files.`);
    siblings.push(resolve(dirname(path), specifier));
    return `${before}${quote}${specifier.replace(/\.ts$/, '.js')}${quote}`;
  });
  await mkdir(dirname(to), { recursive: true });
  await Promise.all([writeFile(to, rewritten), ...siblings.map((sibling) => writeWithImports(sibling, labDir, target, written))]);
  return to;
}

function readLabFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw new HumanError(`There is no file ${path}, which the lab needs.`);
  });
}
