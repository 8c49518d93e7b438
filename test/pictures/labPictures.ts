import { join } from 'node:path';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { HumanError, messageOf } from '../../src/shared/errors.ts';
import { pictureSvg } from './pictureSvg.tsx';

export interface DrawnPicture {
  /** The SVG's path. */
  readonly file: string;
  /** Its name in a report: `05-accept-queue/full-queue`. */
  readonly name: string;
  readonly draw: () => string;
}

/** The READMEs' pictures of all labs in `dirs`, as `lab.json` describes them. */
export async function labPictures(dirs: readonly string[]): Promise<DrawnPicture[]> {
  const { labs, problems } = await loadCatalog(dirs);
  for (const { message } of problems) throw new HumanError(message);
  return labs.flatMap(({ dir, lab }) =>
    (lab.pictures ?? []).map((picture) => {
      const name = `${lab.id}/${picture.id}`;
      return { name, file: join(dir, 'pictures', `${picture.id}.svg`), draw: () => drawn(name, () => pictureSvg(lab, picture)) };
    }),
  );
}

function drawn(name: string, draw: () => string): string {
  try {
    return draw();
  } catch (error) {
    throw new HumanError(`The picture ${name} cannot be drawn. ${messageOf(error)}`);
  }
}
