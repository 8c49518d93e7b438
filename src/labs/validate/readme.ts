import { readFile } from 'node:fs/promises';
import type { LabFolder } from '../../catalog/catalog.ts';
import type { Lab } from '../../shared/lab.ts';
import { glossaryOf } from '../glossary.ts';
import { finding, type Finding } from './finding.ts';

/** A lab's README tells what its `lab.json` tells: the glossary under “Words”, and each picture with its description. */
export async function readmeFindings({ lab, readmePath }: LabFolder): Promise<Finding[]> {
  const readme = await readFile(readmePath, 'utf8');
  return [finding(lab.id, 'words of README.md', () => wordsProblem(lab, readme)), finding(lab.id, 'pictures of README.md', () => picturesProblem(lab, readme))];
}

function wordsProblem(lab: Lab, readme: string): string | null {
  const words = wordsOf(readme);
  const glossary = glossaryOf(lab);
  for (const { term, means, also } of glossary) {
    const said = words.get(term.toLowerCase());
    if (said === undefined) return `"${term}" is in the glossary and not under “Words”`;
    if (said !== oneLine(means)) return `"${term}" is told in two ways: the glossary says “${means}”, the README “${said}”`;
    const twice = glossary.find((other) => other.term !== term && [other.term, ...other.also].some((form) => [term, ...also].includes(form)));
    if (twice) return `"${term}" and "${twice.term}" have a form in common`;
  }
  const unknown = [...words.keys()].find((word) => !glossary.some(({ term }) => term.toLowerCase() === word));
  return unknown === undefined ? null : `"${unknown}" is under “Words” and not in the glossary`;
}

/** The items `- **Term**: what it means.` of the section “Words”, by the term in lower case. */
function wordsOf(readme: string): Map<string, string> {
  const section = /^## Words\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(readme)?.[1] ?? '';
  const items = section.split(/^- /m).slice(1).map((item) => /^\*\*(.+?)\*\*: ([\s\S]*?)(?:\n\n|$(?![\s\S]))/.exec(item));
  return new Map(items.flatMap((item) => (item ? [[oneLine(item[1] as string).toLowerCase(), oneLine(item[2] as string)]] : [])));
}

function picturesProblem({ pictures = [], presets, sliders }: Lab, readme: string): string | null {
  const shown = new Map([...readme.matchAll(/!\[([^\]]*)\]\(pictures\/([^)]+)\.svg\)/g)].map(([, alt, id]) => [id, oneLine(alt as string)]));
  for (const { id, alt, views } of pictures) {
    const said = shown.get(id);
    if (said === undefined) return `the README does not show "${id}": write ![${alt}](pictures/${id}.svg)`;
    if (said !== oneLine(alt)) return `"${id}" is described in two ways: “${alt}”, and in the README “${said}”`;
    for (const { preset, values = {} } of views) {
      if (preset !== undefined && !presets.some((other) => other.id === preset)) return `"${id}" is of a preset "${preset}", which there is not`;
      const slider = Object.keys(values).find((value) => !sliders.some((other) => other.id === value));
      if (slider !== undefined) return `"${id}" moves a slider "${slider}", which there is not`;
    }
  }
  const unknown = [...shown.keys()].find((id) => !pictures.some((picture) => picture.id === id));
  return unknown === undefined ? null : `it shows a picture "${unknown}" that lab.json does not describe`;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
