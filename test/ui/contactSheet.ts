import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from '../host/browser.mjs';

export interface Shot {
  readonly scene: string;
  readonly caption: string;
  /** In pixels, as it was taken. */
  readonly width: number;
  /** Its name in the folder of the pictures. */
  readonly file: string;
}

/** How much smaller than taken a picture is on the sheet. */
const SCALE = 0.4;

/** Puts all pictures on one, a row a scene. */
export async function contactSheet(folder: string, name: string, shots: readonly Shot[]): Promise<void> {
  const picture = (file: string): string => `data:image/png;base64,${readFileSync(join(folder, file)).toString('base64')}`;
  const cell = ({ file, caption, width }: Shot): string => `<figure><img src="${picture(file)}" width="${width * SCALE}"><figcaption>${caption}</figcaption></figure>`;
  const scenes = [...new Set(shots.map(({ scene }) => scene))];
  const rows = scenes.map((scene) => `<h2>${scene}</h2><section>${shots.filter((shot) => shot.scene === scene).map(cell).join('')}</section>`);
  const style = `body { font: 14px sans-serif; margin: 16px; width: max-content; background: #888; } section { display: flex; gap: 12px; align-items: flex-start; }
    figure { margin: 0; background: #fff; padding: 6px; } figcaption { padding-top: 4px; }`;
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 2700, height: 800 } });
    await page.setContent(`<!doctype html><style>${style}</style>${rows.join('')}`);
    await page.screenshot({ path: join(folder, name), fullPage: true });
  } finally {
    await browser.close();
  }
}
