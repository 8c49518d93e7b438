import type { Disposable } from 'vscode';

/**
 * Something that is made when it is first needed, so that activation does none of its work. What arrives after the owner
 * was disposed is disposed at once.
 */
export class Lazy<T extends Disposable> implements Disposable {
  private making: Promise<T> | undefined;
  private made: T | undefined;
  private disposed = false;

  constructor(private readonly make: () => Promise<T>) {}

  /** The thing itself; a making that failed is tried again at the next call. */
  get(): Promise<T> {
    this.making ??= this.makeIt().catch((error: unknown) => {
      this.making = undefined;
      throw error;
    });
    return this.making;
  }

  /** The thing where it is there already. */
  get current(): T | undefined {
    return this.made;
  }

  dispose(): void {
    this.disposed = true;
    this.made?.dispose();
    this.made = undefined;
  }

  private async makeIt(): Promise<T> {
    const made = await this.make();
    if (this.disposed) made.dispose();
    else this.made = made;
    return made;
  }
}
