import { describe, expect, it } from 'vitest';
import { fromProgram } from '../../../src/kit/fromProgram.ts';

describe('a message on a program’s pipe', () => {
  it.each([
    { type: 'listening', port: 80, address: '127.0.0.1' },
    { type: 'listen-failed', code: 'EADDRINUSE', port: null },
    { type: 'whereabouts', id: 1, responsive: false, place: { line: 1, column: 2, functionName: '' } },
    { type: 'answered', id: 1, result: null, atNs: 5 },
  ])('is taken where it has what its kind has: %j', (message) => {
    expect(fromProgram(message)).toBe(message);
  });

  it.each([
    {},
    [],
    { type: 12 },
    { type: 'check-done' },
    { type: 'constructor' },
    { type: 'crashed' },
    { type: 'listening', port: '80', address: '127.0.0.1' },
    { type: 'listening-elsewhere', path: 5 },
    { type: 'whereabouts', id: 1, responsive: false, place: {} },
    { type: 'answered', id: null, atNs: 5 },
  ])('is nothing where it has not: %j', (message) => {
    expect(fromProgram(message)).toBeNull();
  });
});
