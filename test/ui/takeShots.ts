import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contactSheet, type Shot } from './contactSheet.ts';
import { completeLabs, LabDriver } from './lab.ts';
import { panelScenes, windowScenes, type Scene } from './shots.ts';
import { Workbench, type Theme } from './workbench.ts';

const folder = fileURLToPath(new URL('../../shots', import.meta.url));
const THEMES: readonly Theme[] = ['light', 'dark', 'high-contrast', 'high-contrast-light'];
/** Widths of the panel, in pixels. */
const WIDTHS = { wide: 1200, narrow: 320 } as const;
/** What the window has beside the panel: the activity bar, and edges. */
const AROUND_PX = 58;
const HEIGHT_PX = 800;
/** What a picture of a panel may be long: a row of a contact sheet is as tall as its tallest. */
const LONGEST_PX = 6000;

/** Takes one scene in every theme and width, and leaves the window wide. */
async function take(driver: LabDriver, scene: Scene, name: string): Promise<Shot[]> {
  const { bench } = driver;
  const shots: Shot[] = [];
  for (const theme of THEMES) {
    await bench.setTheme(theme);
    for (const [size, width] of Object.entries(WIDTHS)) {
      await bench.showSideBar(scene.of === 'window' && size === 'wide');
      await bench.setSize(width + AROUND_PX, HEIGHT_PX);
      if (scene.of === 'panel') await bench.setSize(width + AROUND_PX, await lengthOf(driver, width));
      if (scene.of === 'panel') await driver.drawn();
      await bench.settle();
      const file = `${name}-${scene.name.replace(/\W+/g, '-')}-${theme}-${size}.png`;
      await bench.screenshot(join(folder, file), scene.of === 'panel' ? driver.whole : undefined);
      shots.push({ scene: scene.name, caption: `${theme}, ${width} px`, width: scene.of === 'window' && size === 'wide' ? WIDTHS.wide + AROUND_PX : width, file });
    }
    await bench.setSize(WIDTHS.wide + AROUND_PX, HEIGHT_PX);
  }
  console.log(`${name}, ${scene.name}: ${shots.length} pictures`);
  return shots;
}

/** The height of a window in which all of the panel is to be seen; the panel must be `width` wide. */
async function lengthOf(driver: LabDriver, width: number): Promise<number> {
  await driver.drawn();
  const [content, shown, wide] = await driver.panel.locator('html').evaluate((html) => [html.scrollHeight, innerHeight, innerWidth] as const);
  if (wide !== width) throw new Error(`The panel is ${wide} px wide, not ${width}: the window has ${AROUND_PX + width - wide} px beside it.`);
  return Math.min(LONGEST_PX, HEIGHT_PX + Math.max(0, content - shown));
}

/** All scenes of a lab in a window of its own, and a contact sheet of them; what is not the lab's own with the first. */
async function shoot(extension: string, labs: Awaited<ReturnType<typeof completeLabs>>[number], isFirst: boolean): Promise<void> {
  const name = labs.lab.id;
  const bench = await Workbench.open({ extension, width: WIDTHS.wide + AROUND_PX, height: HEIGHT_PX });
  const driver = new LabDriver(bench, labs);
  const shots: Shot[] = [];
  try {
    for (const scene of [...panelScenes, ...(isFirst ? windowScenes : [])]) {
      await scene.reach(driver);
      await bench.closeNotifications();
      shots.push(...(await take(driver, scene, name)));
    }
  } catch (error) {
    await bench.screenshot(join(folder, `${name}-failed.png`));
    writeFileSync(join(folder, `${name}-failed.log`), bench.log());
    throw error;
  } finally {
    await bench.close();
    if (shots.length > 0) await contactSheet(folder, `contact-sheet-${name}.png`, shots);
  }
  console.log(`${shots.length} pictures and contact-sheet-${name}.png are in ${folder}`);
}

/** `takeShots.ts EXTENSION [LAB…]`: every lab where none is named. */
async function main([extension = '', ...wanted]: readonly string[]): Promise<void> {
  const labs = (await completeLabs()).filter(({ lab }) => wanted.length === 0 || wanted.includes(lab.id));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [index, lab] of labs.entries()) await shoot(extension, lab, index === 0);
}

await main(process.argv.slice(2));
