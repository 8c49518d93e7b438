import type { FromProgram } from '../shared/rpc.ts';

type Test = (value: unknown) => boolean;

const text: Test = (value) => typeof value === 'string';
const number: Test = Number.isFinite;
const orNull = (test: Test): Test => (value) => value === null || test(value);
const place: Test = (value) => hasFields(value, { line: number, column: number, functionName: text });

const FIELDS: Readonly<Record<FromProgram['type'], Readonly<Record<string, Test>>>> = {
  ready: {},
  loaded: {},
  listening: { port: number, address: text },
  'listening-elsewhere': { path: text },
  'listen-failed': { code: text, port: orNull(number) },
  crashed: { message: text, stack: text },
  'killed-before': { line: number, column: number },
  exiting: { code: number, stack: text },
  inspecting: { port: number },
  held: {},
  released: {},
  whereabouts: { id: number, responsive: (value) => typeof value === 'boolean', place: orNull(place) },
  answered: { id: number, atNs: number },
  refused: { id: number, message: text },
};

/** A message from a program's pipe; null where it is none, since a learner's program can write there too. */
export function fromProgram(value: object): FromProgram | null {
  const { type } = value as { readonly type?: unknown };
  const known = typeof type === 'string' && Object.hasOwn(FIELDS, type);
  return known && hasFields(value, FIELDS[type as FromProgram['type']]) ? (value as FromProgram) : null;
}

function hasFields(value: unknown, fields: Readonly<Record<string, Test>>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(fields).every(([name, test]) => test((value as Readonly<Record<string, unknown>>)[name]));
}
