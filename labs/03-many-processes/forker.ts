/** A process that holds pages of memory, can fork itself, and then writes to its pages; its child does nothing but live. */
export interface Forker {
  /** As the result names it. */
  readonly name: string;
  readonly pid: number;
  /** Forks; resolves to the child's pid when fork() has returned. */
  fork(): Promise<number>;
  /** Writes one byte to each of these pages, in order. Resolves when all are written. */
  write(pages: readonly number[]): Promise<void>;
  /** Ends the process and its child. */
  end(): void;
}
