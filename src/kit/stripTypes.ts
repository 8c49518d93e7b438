import { HumanError } from '../shared/errors.ts';
import type { Location } from '../shared/report.ts';

/** What is wrong with a source that is not TypeScript, or more than types in need of a compiler. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  constructor(
    message: string,
    readonly location: Location,
  ) {
    super(message);
  }
}

/** As @swc/wasm-typescript throws it: not an Error. Lines count from 1, columns from 0. */
interface Diagnostic {
  readonly message: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/**
 * Blanks out the types of a TypeScript module; each remaining character keeps its line and column. Throws a SourceError
 * for what does not parse, and for enums, namespaces and parameter properties, which are more than types.
 */
export async function stripTypes(source: string): Promise<string> {
  const { transformSync } = await import('@swc/wasm-typescript');
  try {
    return transformSync(source, { mode: 'strip-only', module: true }).code;
  } catch (error) {
    if (!isDiagnostic(error)) throw error;
    const { startLine, startColumn, endLine, endColumn } = error;
    throw new SourceError(readable(error.message), { line: startLine - 1, column: startColumn, endLine: endLine - 1, endColumn });
  }
}

/** In a learner's words, as the middle of a sentence. */
function readable(message: string): string {
  const said = message.trim().replace(/\.+$/, '').replace("'<eof>'", 'the end of the file');
  const typesOnly = / in (strip-only|type strip) mode/;
  return typesOnly.test(said) ? `${said.replace(typesOnly, '')}: types are taken out of your file and nothing else of it is compiled` : said;
}

/** The same for a lab's own file, whose author is told by its path. */
export async function stripLabFile(source: string, path: string): Promise<string> {
  try {
    return await stripTypes(source);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new HumanError(`${path}:${error.location.line + 1}:${error.location.column + 1} does not parse: ${error.message}.`);
  }
}

function isDiagnostic(error: unknown): error is Diagnostic {
  return typeof error === 'object' && error !== null && 'startLine' in error && 'message' in error;
}
