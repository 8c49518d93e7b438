import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rounded } from '../../../webview/diagram/scene.ts';
import { GOLDEN_SCENES } from './goldenScenes.ts';

const FOLDER = join(import.meta.dirname, '../../golden/panel');

describe('the kept pictures', () => {
  it.each(Object.keys(GOLDEN_SCENES))('%s is as it was', (name) => {
    const file = join(FOLDER, `${name}.json`);
    const scene = rounded(GOLDEN_SCENES[name]?.());
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, `${JSON.stringify(scene, null, 1)}\n`);
    expect(existsSync(file), `${file} is missing: look at the picture, then run with UPDATE_GOLDEN=1`).toBe(true);
    expect(scene).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });

  it('are all drawn by something', () => {
    const kept = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
    expect(kept.sort()).toEqual(Object.keys(GOLDEN_SCENES).map((name) => `${name}.json`).sort());
  });
});
