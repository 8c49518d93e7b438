import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '../host/browser.mjs';
import { scenes, type Scene } from './shots.ts';
import { Workbench, type Theme } from './workbench.ts';

const folder = fileURLToPath(new URL('../../shots', import.meta.url));
const THEMES: readonly Theme[] = ['light', 'dark', 'high-contrast'];
/** Width of the window, in pixels: a laptop's, and one that leaves an editor about 320. */
const WIDTHS = { wide: 1200, narrow: 368 } as const;
type Width = keyof typeof WIDTHS;

interface Shot {
  readonly scene: string;
  readonly theme: Theme;
  readonly width: Width;
  readonly file: string;
}

/** Takes one scene in every theme and width, and leaves the window wide, dark and with its side bar. */
async function take(bench: Workbench, scene: Scene): Promise<Shot[]> {
  const shots: Shot[] = [];
  for (const width of ['wide', 'narrow'] as const) {
    if (width === 'narrow') await resize(bench, 'narrow');
    for (const theme of THEMES) {
      await bench.setTheme(theme);
      await bench.settle();
      const file = `${scene.name}-${theme}-${width}.png`;
      await bench.screenshot(join(folder, file), scene.part?.(bench));
      shots.push({ scene: scene.name, theme, width, file });
    }
  }
  await bench.setTheme('dark');
  await resize(bench, 'wide');
  console.log(`${scene.name}: ${shots.length} pictures`);
  return shots;
}

/** Narrow has no side bar, which would leave the editor nothing. */
async function resize(bench: Workbench, width: Width): Promise<void> {
  if (width === 'narrow') await bench.showSideBar(false);
  await bench.setSize(WIDTHS[width]);
  if (width === 'wide') await bench.showSideBar(true);
}

/** All pictures on one, a row a scene. */
async function contactSheet(shots: readonly Shot[]): Promise<void> {
  const picture = (file: string) => `data:image/png;base64,${readFileSync(join(folder, file)).toString('base64')}`;
  const cell = ({ file, theme, width }: Shot) => `<figure class="${width}"><img src="${picture(file)}"><figcaption>${theme}, ${width}</figcaption></figure>`;
  const rows = scenes.map(({ name }) => `<h2>${name}</h2><section>${shots.filter((shot) => shot.scene === name).map(cell).join('')}</section>`);
  const style = `body { font: 14px sans-serif; margin: 16px; width: 2180px; background: #888; } section { display: flex; gap: 12px; align-items: flex-start; }
    figure { margin: 0; background: #fff; padding: 6px; } figcaption { padding-top: 4px; } .wide img { width: 520px; } .narrow img { width: 160px; }`;
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 2212, height: 800 } });
  await page.setContent(`<!doctype html><style>${style}</style>${rows.join('')}`);
  await page.screenshot({ path: join(folder, 'contact-sheet.png'), fullPage: true });
  await browser.close();
}

async function main(extension: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const bench = await Workbench.open({ extension, width: WIDTHS.wide });
  const shots: Shot[] = [];
  try {
    for (const scene of scenes) {
      await scene.reach(bench);
      shots.push(...(await take(bench, scene)));
    }
  } catch (error) {
    await bench.screenshot(join(folder, 'failed.png'));
    writeFileSync(join(folder, 'failed.log'), bench.log());
    throw error;
  } finally {
    await bench.close();
    if (shots.length > 0) await contactSheet(shots);
  }
  console.log(`${shots.length} pictures and contact-sheet.png are in ${folder}`);
}

await main(process.argv[2] ?? '');
