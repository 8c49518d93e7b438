import type { CancellationToken, Disposable } from 'vscode';

/** An AbortController that also follows a CancellationToken; dispose it when the work is done. */
export class TokenAbort implements Disposable {
  private readonly controller = new AbortController();
  private readonly listener: Disposable | undefined;

  constructor(token?: CancellationToken) {
    if (token?.isCancellationRequested) this.abort();
    this.listener = token?.onCancellationRequested(() => this.abort());
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  abort(): void {
    this.controller.abort();
  }

  dispose(): void {
    this.listener?.dispose();
  }
}
