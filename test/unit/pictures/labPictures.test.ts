import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/catalog.ts';
import { LabPicture, type Lab } from '../../../src/shared/lab.ts';
import { validated } from '../../../src/shared/validate.ts';
import { labPictures } from '../../pictures/labPictures.ts';
import { pictureSvg, placedViews } from '../../pictures/pictureSvg.tsx';
import { outside, overlaps } from '../webview/sceneChecks.ts';

const LABS = join(import.meta.dirname, '../../../labs');
const pictures = await labPictures([LABS]);
const { labs } = await loadCatalog([LABS]);
const lab = labs.find(({ lab: { id } }) => id === '05-accept-queue')?.lab as Lab;
const drawn = (picture: object): string => pictureSvg(lab, validated(LabPicture, { id: 'planted', alt: 'Planted & <described>', ...picture }, 'picture'));

describe('the READMEs’ pictures', () => {
  it.each(pictures)('$name is what `npm run pictures` draws now', ({ file, draw }) => {
    expect(existsSync(file), `${file} is missing: run \`npm run pictures\`, and look at it`).toBe(true);
    expect(draw(), `${file} is stale: run \`npm run pictures\`, and look at it`).toBe(readFileSync(file, 'utf8'));
  });

  it.each(labs.map((folder) => folder.lab))('has one to three in $id, legible and within their room', (one) => {
    const described = one.pictures ?? [];
    expect(described.length).toBeGreaterThanOrEqual(1);
    expect(described.length).toBeLessThanOrEqual(3);
    for (const picture of described) {
      for (const { scene } of placedViews(one, picture).placed) {
        expect(overlaps(scene), picture.id).toEqual([]);
        expect(outside(scene), picture.id).toEqual([]);
      }
    }
  });
});

describe('a picture that stands alone', () => {
  const svg = drawn({ views: [{ preset: 'one-more', atMs: 1200 }] });

  it('says what it is and what is to be seen', () => {
    expect(svg).toContain(`<title id="title">${lab.title}</title>`);
    expect(svg).toContain('<desc id="description">Planted &amp; &lt;described></desc>');
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-labelledby="title description"/);
  });

  it('has every colour worked out, in a light and in a dark scheme', () => {
    expect(svg).not.toMatch(/var\(|color-mix|--vscode/);
    const [light = '', dark = ''] = svg.split('@media (prefers-color-scheme: dark){\n');
    expect(light).toMatch(/\.s-accepted|\.s-queued/);
    expect(dark).toMatch(/\.s-queued\{fill: rgba\(204, 167, 0, 0\.25\)/);
  });

  it('has text of 12 px and more', () => {
    const sizes = [...svg.matchAll(/font-size:\s*([\d.]+)px/g)].map(([, size]) => Number(size));
    expect(sizes.length).toBeGreaterThan(0);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(12);
  });

  it('is of the moment that is named: by its time, by its event, at the end', () => {
    const at = (moment: object): string => drawn({ views: [{ preset: 'one-more', ...moment }] });
    expect(at({ atEvent: 0 })).toBe(at({ atMs: 0 }));
    expect(new Set([at({ atEvent: 0 }), at({ atMs: 1200 }), at({})]).size).toBe(3);
  });

  it('has views beside each other, each with its title', () => {
    const two = drawn({ columns: 2, views: [{ title: 'Before', atEvent: 0 }, { title: 'After' }] });
    const places = [...two.matchAll(/<g transform="translate\((\d+) (\d+)\)"><svg/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(places).toEqual([[16, 16], [370, 16]]);
    expect(two).toMatch(/Before<\/text>[\s\S]*After<\/text>/);
  });

  it.each([
    [{ views: [{ preset: 'nowhere' }] }, 'no preset "nowhere"'],
    [{ views: [{ values: { nothing: 1 } }] }, 'no slider "nothing"'],
    [{ views: [{ atEvent: 100_000 }] }, 'no event 100000: the last one is'],
  ])('is refused where there is no such thing: %j', (picture, sentence) => {
    expect(() => drawn(picture)).toThrow(sentence);
  });
});
