/** Told whether it is its term's first occurrence on the page. */
type Told = (first: boolean) => void;

/** Knows where terms occur on the page, and tells each occurrence whether it is the first of its term in the document's order. */
export class Occurrences {
  private readonly byTerm = new Map<string, Map<Element, Told>>();
  private readonly changed = new Set<string>();

  /** Returns what takes the occurrence away again. */
  add(term: string, element: Element, told: Told): () => void {
    const all = this.byTerm.get(term) ?? new Map<Element, Told>();
    this.byTerm.set(term, all.set(element, told));
    this.settle(term);
    return () => {
      all.delete(element);
      this.settle(term);
    };
  }

  /** Once all that comes or goes at a time has: a step is drawn in one go. */
  private settle(term: string): void {
    if (this.changed.size === 0) queueMicrotask(() => this.tell());
    this.changed.add(term);
  }

  private tell(): void {
    for (const term of this.changed) {
      const all = [...(this.byTerm.get(term) ?? [])];
      const first = all.reduce<Element | undefined>((least, [element]) => (least && least.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING ? least : element), undefined);
      for (const [element, told] of all) told(element === first);
    }
    this.changed.clear();
  }
}
