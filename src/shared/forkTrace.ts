/**
 * What the rows of a copy-on-write trace (model `fork`) mean. The parent is `parent`, its memory as a whole `memory`, runs of
 * neighbouring pages `pages:<first>-<last>`. A write is a microsecond, and fork() and copying take no time, unless the scenario has `costs`.
 */
export const FORK_MODEL = 'fork';

export const PARENT_ENTITY = 'parent';

export const MEMORY_ENTITY = 'memory';

/** The entity of the pages from `first` to `last`, both included. */
export function pagesEntity(first: number, last: number): string {
  return `pages:${first}-${last}`;
}

export const FORK_KIND = {
  /** Entity `parent`. fork() returned. Value: pages shared from here on. Detail: `{ children, pageBytes, writes }`. */
  fork: 'fork',
  /** Entity `parent`, a write that changes no sharing; only while writes are few. Value: the page. */
  write: 'write',
  /** Entity `parent`, the first write to a page, which copies it; only while they are few. Value: the page. */
  fault: 'fault',
  /** Entity `parent`, now and then and at the end. Value: writes so far. */
  writes: 'writes',
  /** Entity `memory`, now and then and at the end. Value: pages copied so far: as many are the child's alone by then, and as many the parent's. */
  copied: 'copied',
  /** Entity `parent`, beside `copied`. Value: page faults of its writes so far. */
  faults: 'faults',
  /** Entity `memory`, beside `copied`. Value: bytes that parent and child together take more than before the first write. */
  extra: 'extra',
  /** Entity: a run of pages, when its value changed, beside `copied`. Value: copied pages among them. */
  copiedPages: 'copied-pages',
} as const;

