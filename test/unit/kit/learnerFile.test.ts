import { describe, expect, it } from 'vitest';
import { LearnerFile } from '../../../src/kit/learnerFile.ts';

const source = "import { createServer } from 'node:http';\n\nconst server = createServer();\r\nserver.listen({\n  port: 3000,\n});\n";
const file = new LearnerFile(source, 'shop.ts', '/tmp/run 1/learner/shop.mjs');

describe('a place in the learner’s file', () => {
  it('is the first match of the first pattern that matches', () => {
    expect(file.locate([/\.backlog/, /createServer\(/, /listen/])).toEqual({ line: 2, column: 15, endLine: 2, endColumn: 28 });
    expect(file.locate(/port: \d+,\n\}/g)).toEqual({ line: 4, column: 2, endLine: 5, endColumn: 1 });
    expect(file.locate(/maxConnections/)).toBeUndefined();
    expect(file.locate(undefined)).toBeUndefined();
  });

  it('reaches to the end of its line, without a carriage return', () => {
    expect(file.locationOf({ line: 2, column: 6 })).toEqual({ line: 2, column: 6, endLine: 2, endColumn: 30 });
    expect(file.locationOf({ line: 99, column: 6 })).toEqual({ line: 99, column: 6, endLine: 99, endColumn: 7 });
  });

  it('is the innermost frame of a stack that is in the file', () => {
    const stack = 'Error: no\n    at Server.listen (node:net:1:2)\n    at open (file:///tmp/run%201/learner/shop.mjs:4:8)\n    at file:///tmp/run%201/learner/shop.mjs:6:1';
    expect(file.placeIn(stack)).toEqual({ line: 3, column: 7, functionName: 'open' });
    expect(file.placeIn('/tmp/run 1/learner/shop.mjs:5\n  port 3000\n       ^')).toEqual({ line: 4, column: 0, functionName: '' });
    expect(file.placeIn('Error\n    at node:net:1:2')).toBeUndefined();
  });

  it('is told by the file’s own name', () => {
    expect(file.readable("Cannot find module '/tmp/run 1/learner/helper' imported from /tmp/run 1/learner/shop.mjs, file:///tmp/run%201/learner/x")).toBe("Cannot find module './helper' imported from shop.ts, ./x");
    expect(file.ownStack('Error: in file:///tmp/run%201/learner/shop.mjs\nsecond line\n    at node:net:1:2\n    at open (file:///tmp/run%201/learner/shop.mjs:4:8)')).toBe(
      'Error: in shop.ts\nsecond line\n    at open (shop.ts:4:8)',
    );
  });
});

describe('a place that a comment holds', () => {
  const marked = new LearnerFile("// Call listen() at the end.\n/**\n * data\n */\nconst server = open();\n  // ▼ Your work starts here\n\n  server.on('data', answer);  \nserver.listen(1);\n", 'a.ts', '/tmp/a.mjs');

  it('gives way to the same in code', () => {
    expect(marked.locate(/listen\(/)).toMatchObject({ line: 8, column: 7 });
    expect(marked.locate(/data/)).toMatchObject({ line: 7, column: 13 });
  });

  it('is the line of code below it where the code has no such', () => {
    expect(marked.locate([/Your work starts here/, /open/])).toEqual({ line: 7, column: 2, endLine: 7, endColumn: 28 });
    expect(new LearnerFile('open();\n// the end\n', 'a.ts', '/tmp/a.mjs').locate([/the end/, /open/])).toMatchObject({ line: 0 });
  });
});
