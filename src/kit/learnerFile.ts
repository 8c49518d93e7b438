import { dirname, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Location } from '../shared/report.ts';
import type { Place } from '../shared/rpc.ts';

/** The learner's source, and the way back to it from the module that runs. Lines and columns are the same in both. */
export class LearnerFile {
  readonly #lines: readonly string[];

  /**
   * @param fileName what messages call it
   * @param modulePath where it was written, without types
   * @param scriptUrl what the engine calls that module
   */
  constructor(
    readonly source: string,
    readonly fileName: string,
    readonly modulePath: string,
    readonly scriptUrl = pathToFileURL(modulePath).href,
  ) {
    this.#lines = source.split(/\r?\n/);
  }

  /**
   * The first match in code of the first pattern that matches; of one that matches only in a comment, such as "Your work
   * starts here", the line of code below it. Undefined where none matches.
   */
  locate(at: RegExp | readonly RegExp[] | undefined): Location | undefined {
    const patterns = at instanceof RegExp ? [at] : (at ?? []);
    for (const pattern of patterns) {
      const matches = [...this.source.matchAll(new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, '')}g`))];
      const ranges = matches.map(({ index, 0: { length } }) => this.#range(index, index + Math.max(1, length)));
      const found = ranges.find(({ line }) => !isComment(this.#lines[line])) ?? ranges.map(({ line }) => this.#codeBelow(line))[0];
      if (found) return found;
    }
    return undefined;
  }

  /** From a place to the end of its line. */
  locationOf({ line, column }: Pick<Place, 'line' | 'column'>): Location {
    const length = this.#lines[line]?.length ?? column + 1;
    return { line, column, endLine: line, endColumn: Math.max(column + 1, length) };
  }

  /** The innermost frame of a stack, or of what Node printed, that is in this file. */
  placeIn(stack: string): Place | undefined {
    for (const line of stack.split('\n')) {
      const at = [this.scriptUrl, pathToFileURL(this.modulePath).href, this.modulePath].map((path) => [path, line.indexOf(path)] as const).find(([, index]) => index >= 0);
      const numbers = at && /^:(\d+)(?::(\d+))?/.exec(line.slice(at[1] + at[0].length));
      if (!numbers) continue;
      const functionName = /^\s*at (?:async )?([^ (]+) \(/.exec(line)?.[1] ?? '';
      return { line: Number(numbers[1]) - 1, column: Number(numbers[2] ?? 1) - 1, functionName };
    }
    return undefined;
  }

  /** A stack's message and the learner's own frames, with the file's own name. */
  ownStack(stack: string): string {
    const lines = stack.split('\n');
    const frames = lines.filter((line) => /^\s+at /.test(line) && this.placeIn(line));
    const message = lines.slice(0, Math.max(1, lines.findIndex((line) => /^\s+at /.test(line))));
    return this.readable([...message, ...frames].join('\n'));
  }

  /** Any text with the path of the module replaced by the file's name, and paths beside it by relative ones. */
  readable(text: string): string {
    const folder = dirname(this.modulePath);
    return [this.scriptUrl, pathToFileURL(this.modulePath).href, this.modulePath]
      .reduce((readable, path) => readable.replaceAll(path, this.fileName), text)
      .replaceAll(`${pathToFileURL(folder).href}/`, './')
      .replaceAll(`${folder}${sep}`, './');
  }

  /** The first line of code below a line; undefined at the end of the file. */
  #codeBelow(line: number): Location | undefined {
    const at = this.#lines.findIndex((text, i) => i > line && /\S/.test(text) && !isComment(text));
    const text = this.#lines[at];
    return text === undefined ? undefined : { line: at, column: text.search(/\S/), endLine: at, endColumn: text.trimEnd().length };
  }

  #range(from: number, to: number): Location {
    const start = this.#position(from);
    const end = this.#position(to);
    return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  }

  #position(offset: number): { line: number; column: number } {
    const before = this.source.slice(0, offset);
    const line = before.split('\n').length - 1;
    return { line, column: offset - (before.lastIndexOf('\n') + 1) };
  }
}

function isComment(line = ''): boolean {
  return /^\s*(\/\/|\/?\*)/.test(line);
}
