import type { Lab } from '../shared/lab.ts';
import type { Term } from '../shared/protocol.ts';

/** A lab's glossary, in its own order. */
export function glossaryOf({ glossary = {} }: Lab): Term[] {
  return Object.entries(glossary).map(([term, said]) => (typeof said === 'string' ? { term, means: said, also: [] } : { term, ...said }));
}
