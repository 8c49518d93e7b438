import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import GithubSlugger from 'github-slugger';
import { lexer, walkTokens, type Token } from 'marked';
import type { Finding } from './finding.ts';

/** Links of a Markdown file lead to files that exist, and those with a `#fragment` to a heading or an id of theirs. What has a scheme (`https:`) is not looked at. */
export async function linksFinding(lab: string, file: string): Promise<Finding> {
  const broken = await brokenLinks(file);
  return { lab, what: `links of ${file.split(/[\\/]/).slice(-2).join('/')}`, problem: broken.length > 0 ? `they lead nowhere: ${broken.join(', ')}` : null };
}

/** The links of a Markdown file that lead nowhere, as they are written. */
export async function brokenLinks(file: string): Promise<string[]> {
  const targets = targetsOf(await readFile(file, 'utf8'));
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
  return anchorsOf(await readFile(file, 'utf8')).has(fragment);
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

function targetsOf(markdown: string): string[] {
  const targets: string[] = [];
  void walkTokens(lexer(markdown), (token) => {
    if (token.type === 'link' || token.type === 'image') targets.push(token.href as string);
  });
  return targets.filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/** What a fragment can name: ids that are written down, and headings by the names that GitHub and VS Code give them. */
function anchorsOf(markdown: string): Set<string> {
  const slugger = new GithubSlugger();
  const anchors = new Set<string>();
  void walkTokens(lexer(markdown), (token) => {
    if (token.type === 'heading') anchors.add(slugger.slug(plainText(token)));
    if (token.type === 'html') for (const [, id] of token.raw.matchAll(/<\w+[^>]* (?:id|name)="([^"]+)"/g)) anchors.add(id as string);
  });
  return anchors;
}

/** What is to be read of a token, without its marks. */
function plainText(token: Token): string {
  return 'tokens' in token && token.tokens ? token.tokens.map(plainText).join('') : 'text' in token ? (token.text as string) : '';
}
