// `npm run pictures`: draws the READMEs' pictures anew, of our labs or (`-- FOLDER…`) of those in other folders.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { HumanError } from '../../src/shared/errors.ts';
import { labPictures } from './labPictures.ts';

const given = process.argv.slice(2).map((folder) => resolve(folder));
try {
  for (const { file, draw } of await labPictures(given.length > 0 ? given : [join(import.meta.dirname, '../../labs')])) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, draw());
    console.log(file);
  }
} catch (error) {
  if (!(error instanceof HumanError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
