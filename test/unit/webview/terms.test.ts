import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/catalog.ts';
import { glossaryOf } from '../../../src/labs/glossary.ts';
import type { Term } from '../../../src/shared/protocol.ts';
import { termFinder } from '../../../webview/glossary/matchTerms.ts';

const term = (name: string, ...also: string[]): Term => ({ term: name, means: `What ${name} means.`, also });
const GLOSSARY = [term('page', 'pages'), term('page table'), term('fork()'), term('Nagle’s rule'), term('lock'), term('SYN queue'), term('latch', 'latches')];

/** A text with its terms in brackets. */
function marked(text: string, glossary = GLOSSARY): string {
  return termFinder(glossary)(text).map((piece) => (typeof piece === 'string' ? piece : `[${piece.text}=${piece.term.term}]`)).join('');
}

describe('a term is found', () => {
  it.each([
    ['as a whole word', 'A page is 4 KiB.', 'A [page=page] is 4 KiB.'],
    ['in any case, as it is written', 'The syn queue. PAGES.', 'The [syn queue=SYN queue]. [PAGES=page].'],
    ['in a form that is given', 'two latches', 'two [latches=latch]'],
    ['as the longer of two', 'its page table; a page', 'its [page table=page table]; a [page=page]'],
    ['over any white space', 'the page\n  table', 'the [page\n  table=page table]'],
    ['with either apostrophe', "Nagle's rule, Nagle’s rule", "[Nagle's rule=Nagle’s rule], [Nagle’s rule=Nagle’s rule]"],
    ['before a possessive and between marks', '“lock”, (lock); lock’s', '“[lock=lock]”, ([lock=lock]); [lock=lock]’s'],
    ['that ends in a bracket', 'after fork(), both', 'after [fork()=fork()], both'],
  ])('%s', (_, text, result) => expect(marked(text)).toBe(result));
});

describe('a term is not found', () => {
  it.each([
    ['within a word', 'blocked by homepages and a locksmith'],
    ['in a form that is not given', 'It locks and locked.'],
    ['joined by a hyphen', 'a page-sized lock-free thing, un-lock'],
    ['as part of a name or a path', 'cluster.fork(), lock.txt, /proc/lock/page, lock()'],
  ])('%s', (_, text) => expect(marked(text)).toBe(text));

  it('where there are none', () => expect(marked('A page.', [])).toBe('A page.'));
});

it('each of our glossaries finds its own terms, in all their forms', async () => {
  for (const { lab } of (await loadCatalog(['labs'])).labs) {
    const glossary = glossaryOf(lab);
    expect(glossary.length, lab.id).toBeGreaterThanOrEqual(8);
    for (const each of glossary) for (const form of [each.term, ...each.also]) expect(marked(`(${form}).`, glossary), lab.id).toBe(`([${form}=${each.term}]).`);
  }
});
