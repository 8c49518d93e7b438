import sinon from 'sinon';

/**
 * Stands in for the module 'vscode' in unit tests: real events, ranges and URIs in small, and sinon stubs for what would
 * show something. `resetFake()` puts all of it back.
 */

type Listener<T> = (event: T) => unknown;

export class Disposable {
  static from(...all: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => all.forEach((one) => one.dispose()));
  }
  constructor(private readonly end: () => unknown) {}
  dispose(): void {
    this.end();
  }
}

export class EventEmitter<T> {
  private listeners: Listener<T>[] = [];
  readonly event = (listener: Listener<T>): Disposable => {
    this.listeners.push(listener);
    return new Disposable(() => (this.listeners = this.listeners.filter((one) => one !== listener)));
  };
  get listenerCount(): number {
    return this.listeners.length;
  }
  fire(event: T): void {
    for (const listener of [...this.listeners]) listener(event);
  }
  dispose(): void {
    this.listeners = [];
  }
}

export class CancellationError extends Error {}

export class CancellationTokenSource {
  private readonly emitter = new EventEmitter<undefined>();
  readonly token = { isCancellationRequested: false, onCancellationRequested: this.emitter.event };
  cancel(): void {
    this.token.isCancellationRequested = true;
    this.emitter.fire(undefined);
  }
}

export class Uri {
  static file(path: string): Uri {
    return new Uri('file', '', path, '');
  }
  static from({ scheme, authority = '', path = '', query = '' }: { scheme: string; authority?: string; path?: string; query?: string }): Uri {
    return new Uri(scheme, authority, path, query);
  }
  static parse(text: string): Uri {
    const [, scheme = '', authority = '', path = '', query = ''] = /^([a-z-]+):\/\/([^/]*)([^?]*)\??(.*)$/.exec(text) ?? [];
    return new Uri(scheme, authority, path, decodeURIComponent(query));
  }
  constructor(
    readonly scheme: string,
    readonly authority: string,
    readonly path: string,
    readonly query: string,
  ) {}
  get fsPath(): string {
    return this.path;
  }
  toString(): string {
    return `${this.scheme}://${this.authority}${this.path}${this.query === '' ? '' : `?${encodeURIComponent(this.query)}`}`;
  }
}

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(start: Position | number, end: Position | number, endLine = 0, endCharacter = 0) {
    this.start = start instanceof Position ? start : new Position(start, end as number);
    this.end = end instanceof Position ? end : new Position(endLine, endCharacter);
  }
}

export class Location {
  constructor(
    readonly uri: Uri,
    readonly range: Range,
  ) {}
}

export class DiagnosticRelatedInformation {
  constructor(
    readonly location: Location,
    readonly message: string,
  ) {}
}

export class Diagnostic {
  source?: string;
  code?: string;
  relatedInformation?: DiagnosticRelatedInformation[];
  constructor(
    readonly range: Range,
    readonly message: string,
    readonly severity: number,
  ) {}
}

export class TestMessageStackFrame {
  constructor(
    readonly label: string,
    readonly uri: Uri,
    readonly position: Position,
  ) {}
}

export class TestMessage {
  location?: Location;
  stackTrace?: TestMessageStackFrame[];
  static diff(message: string, expectedOutput: string, actualOutput: string): TestMessage {
    return Object.assign(new TestMessage(message), { expectedOutput, actualOutput });
  }
  constructor(readonly message: string) {}
}

export const DiagnosticSeverity = { Error: 0, Warning: 1 };
export const ProgressLocation = { Notification: 15 };
export const StatusBarAlignment = { Left: 1 };
export const QuickPickItemKind = { Separator: -1 };
export const ViewColumn = { Active: -1, Beside: -2 };

interface FakeDocument {
  readonly uri: Uri;
  readonly isClosed: boolean;
  isDirty: boolean;
  getText(): string;
}

const edited = new EventEmitter<{ document: FakeDocument; contentChanges: unknown[] }>();
const settings = new Map<string, unknown>();
const item = () => ({ text: '', tooltip: '', name: '', command: '', accessibilityInformation: undefined, show: sinon.stub(), hide: sinon.stub(), dispose: sinon.stub() });

export const diagnostics = new Map<string, Diagnostic[]>();
export const languages = {
  createDiagnosticCollection: () => ({
    set: (uri: Uri, found: Diagnostic[]) => void diagnostics.set(uri.toString(), found),
    delete: (uri: Uri) => void diagnostics.delete(uri.toString()),
    dispose: () => diagnostics.clear(),
  }),
};

export const commands = { executeCommand: sinon.stub() };

export const window = {
  activeTextEditor: undefined as unknown,
  showErrorMessage: sinon.stub(),
  showWarningMessage: sinon.stub(),
  showInformationMessage: sinon.stub(),
  showQuickPick: sinon.stub(),
  showOpenDialog: sinon.stub(),
  createStatusBarItem: sinon.stub(),
  withProgress: (_options: unknown, work: (progress: { report(): void }, token: CancellationTokenSource['token']) => unknown) =>
    work({ report: () => undefined }, new CancellationTokenSource().token),
};

export const workspace = {
  isTrusted: true,
  workspaceFolders: undefined as { uri: Uri }[] | undefined,
  textDocuments: [] as FakeDocument[],
  onDidChangeTextDocument: edited.event,
  onDidChangeConfiguration: new EventEmitter<unknown>().event,
  getConfiguration: () => ({ get: (id: string) => settings.get(id) }),
};

/** A document that is open with `text`, which the test may change. */
export function openFake(uri: Uri, text: string): { edit(next: string): void } {
  let now = text;
  const document: FakeDocument = { uri, isClosed: false, isDirty: false, getText: () => now };
  workspace.textDocuments.push(document);
  return {
    edit: (next) => {
      now = next;
      document.isDirty = true;
      edited.fire({ document, contentChanges: [{}] });
    },
  };
}

export function setSetting(id: string, value: unknown): void {
  settings.set(id, value);
}

export function resetFake(): void {
  for (const stub of [window.showErrorMessage, window.showWarningMessage, window.showInformationMessage, window.showQuickPick, window.showOpenDialog, commands.executeCommand]) {
    stub.reset();
    stub.resolves(undefined);
  }
  window.createStatusBarItem.reset();
  window.createStatusBarItem.callsFake(item);
  workspace.isTrusted = true;
  workspace.workspaceFolders = undefined;
  workspace.textDocuments = [];
  diagnostics.clear();
  settings.clear();
  settings.set('labFolders', []).set('learnerFolder', '').set('codeLens', true).set('timeLimitFactor', 1);
}
