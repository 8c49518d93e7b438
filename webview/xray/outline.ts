/** What every mark of an outline has to know of the whole. */
export interface Outline {
  readonly width: number;
  /** Where rails end and boxes begin. */
  readonly gutter: number;
  /** From here on each process has one line, before it several. */
  readonly wide: boolean;
  /** Inode → where its rail is. */
  readonly rails: ReadonlyMap<number, number>;
  /** Inode → its letter. */
  readonly letters: ReadonlyMap<number, string>;
  /** The longest memory bar stands for so many bytes. */
  readonly mostBytes: number;
}
