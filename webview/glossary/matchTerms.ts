import type { Term } from '../../src/shared/protocol.ts';

/** Part of a text: plain, or an occurrence of a term. */
export type Piece = string | { readonly text: string; readonly term: Term };

/** What may not stand right before or after an occurrence: it would be part of a longer word, a path, or another name. */
const BEFORE = String.raw`(?<![\p{L}\p{N}_./-])`;
const AFTER = String.raw`(?![\p{L}\p{N}_/(]|[-.][\p{L}\p{N}])`;

/**
 * Finds a glossary's terms in texts: whole words in any case, in each form that the term has; of two that begin at one place, the
 * longer. Apostrophes may be straight or round, and what stands between words any white space.
 */
export function termFinder(glossary: readonly Term[]): (text: string) => readonly Piece[] {
  const byForm = new Map(glossary.flatMap((term) => [term.term, ...term.also].map((form) => [key(form), term] as const)));
  if (byForm.size === 0) return (text) => [text];
  const forms = [...byForm.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(`${BEFORE}(${forms.map(formPattern).join('|')})${AFTER}`, 'giu');
  // Split by one group, a text is plain and found by turns.
  return (text) => text.split(pattern).flatMap((part, index): Piece[] => (index % 2 === 1 ? [{ text: part, term: byForm.get(key(part)) as Term }] : part === '' ? [] : [part]));
}

function key(form: string): string {
  return form.toLowerCase().replaceAll('’', "'").replace(/\s+/g, ' ');
}

function formPattern(form: string): string {
  return form.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(' ', String.raw`\s+`).replaceAll("'", "['’]");
}
