import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Finding } from './finding.ts';

/** Links of a Markdown file lead to files that exist, and those with a `#fragment` to a heading or an id of theirs. What has a scheme (`https:`) is not looked at. */
export async function linksFinding(lab: string, file: string): Promise<Finding> {
  const broken = await brokenLinks(file);
  return { lab, what: `links of ${file.split(/[\\/]/).slice(-2).join('/')}`, problem: broken.length > 0 ? `they lead nowhere: ${broken.join(', ')}` : null };
}

/** The links of a Markdown file that lead nowhere, as they are written. */
export async function brokenLinks(file: string): Promise<string[]> {
  const targets = targetsOf(prose(await readFile(file, 'utf8')));
  const there = await Promise.all(targets.map((target) => leadsSomewhere(target, file)));
  return targets.filter((_, i) => !there[i]);
}

async function leadsSomewhere(target: string, from: string): Promise<boolean> {
  const [path = '', fragment = ''] = decoded(target).split('#', 2);
  const file = path === '' ? from : resolve(dirname(from), path);
  const found = await stat(file).catch(() => null);
  if (!found || fragment === '') return found !== null;
  // Into what is no Markdown a fragment means whatever its viewer makes of it: lines, mostly.
  if (!file.endsWith('.md')) return true;
  return anchorsOf(prose(await readFile(file, 'utf8'))).has(fragment);
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

/** Targets of `[text](target)` and of `[name]: target`; what stands in backticks shows how a link is written. */
function targetsOf(prose: string): string[] {
  const text = prose.replaceAll(/`[^`\n]*`/g, '');
  const matches = [...text.matchAll(/\]\(<?([^)>\s]+)[^)]*\)/g), ...text.matchAll(/^ {0,3}\[[^\]]+\]: +<?([^>\s]+)/gm)];
  return matches.map((match) => match[1] as string).filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/** What a fragment can name: ids that are written down, and headings by the names that GitHub and VS Code give them, with `-1` for the second of one name. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set([...text.matchAll(/<\w+[^>]* (?:id|name)="([^"]+)"/g)].map((match) => match[1] as string));
  const used = new Map<string, number>();
  for (const [, heading = ''] of text.matchAll(/^ {0,3}#{1,6} +(.+?)(?: +#+)?$/gm)) {
    const name = headingAnchor(heading);
    const times = used.get(name) ?? 0;
    used.set(name, times + 1);
    anchors.add(times === 0 ? name : `${name}-${times}`);
  }
  return anchors;
}

/** In lower case, its punctuation left out, a hyphen for each space; of a link its text. */
function headingAnchor(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}

/** Markdown without its blocks of code, where `#` begins a comment and `](` an index. */
function prose(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(/^ *(`{3,}|~{3,}).*\n[\s\S]*?(?:^ *\1[`~]* *$|$(?![\s\S]))/gm, '');
}
