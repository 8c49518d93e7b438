// `npm run package`: the .vsix, made by vsce from exactly the files that ship.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must } from '../host/command.mjs';
import { fail, HumanError, say, step } from '../host/console.mjs';
import { ensurePackages } from '../host/install.mjs';
import { stageExtension } from '../host/stage.mjs';
import { scratchFolder } from '../host/user.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const VSCE = '@vscode/vsce@3.9.2'; // fetched when it is needed: with it come 90 MB that nothing else uses

async function main() {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = join(root, `${name}-${version}.vsix`);
  await ensurePackages();
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  await step('Building for release', () => must(process.execPath, ['esbuild.mjs', '--production'], { cwd: root }));
  const folder = scratchFolder('bl-package-');
  try {
    const files = stageExtension(folder);
    await step(`Packing ${files.length} files with ${VSCE}`, () =>
      must('npx', ['--yes', VSCE, 'package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file], { cwd: folder }),
    ).catch((error) => {
      throw new HumanError(`${error.message}\nThe package could not be made; it takes ${VSCE} from the npm registry.`);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  say(file);
}

await main().catch(fail);
