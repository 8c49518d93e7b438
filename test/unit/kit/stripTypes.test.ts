import { describe, expect, it } from 'vitest';
import { SourceError, stripTypes } from '../../../src/kit/stripTypes.ts';

async function problem(source: string): Promise<SourceError> {
  const error = await stripTypes(source).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

describe('a module without its types', () => {
  it('keeps every line and column of what is left', async () => {
    const source = "import { type Server, createServer } from 'node:http';\nconst a: number = 1 as const;\nfunction f<T>(x: T): T {\n  return x;\n}\n";
    const code = await stripTypes(source);
    expect(code.split('\n').map((line) => line.length)).toEqual(source.split('\n').map((line) => line.length));
    expect(code.indexOf('return x')).toBe(source.indexOf('return x'));
    expect(code).not.toContain('number');
  });

  it('that does not parse is told with its place, lines and columns from 0', async () => {
    const error = await problem('const a = 1;\nconst b = ;\n');
    expect(error.message).toBe('Expression expected');
    expect(error.location).toEqual({ line: 1, column: 10, endLine: 1, endColumn: 11 });
  });

  it('and of what is more than types, which it is', async () => {
    expect((await problem('enum A { B }')).message).toMatch(/enum is not supported/);
    expect((await problem('class A {\n  constructor(readonly b: number) {}\n}')).location.line).toBe(1);
  });
});
