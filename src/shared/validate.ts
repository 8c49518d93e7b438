import type { Static, TSchema } from '@sinclair/typebox';
import { Value, ValueErrorType, type ValueError } from '@sinclair/typebox/value';
import { HumanError } from './errors.ts';

/**
 * Returns `value` as what `schema` describes, or throws a HumanError: one sentence that names the first wrong field and
 * what it may be. `what` names the thing in that sentence ("this scenario", "lab.json").
 */
export function validated<S extends TSchema>(schema: S, value: unknown, what: string): Static<S> {
  if (Value.Check(schema, value)) return value;
  const error = deepest(Value.Errors(schema, value).First());
  throw new HumanError(`In ${what}, ${describe(error)}.`);
}

/**
 * Unions report only themselves; the branch that came furthest says more. Where a field tells the branches apart (`dist`), that is the
 * one which the field names; where it names none, the field may be any of theirs.
 */
function deepest(error: ValueError | undefined): ValueError | undefined {
  if (error?.type !== ValueErrorType.Union) return error;
  const branches = error.errors.map((branch) => [...branch]).filter((found) => found.length > 0);
  const tags = branches.map((found) => found.find((e) => e.type === ValueErrorType.Literal && e.path.length > error.path.length));
  const named = branches.filter((_, i) => !tags[i]);
  if (named.length === 0) {
    const tag = tags.find((e) => e !== undefined);
    if (tag) return { ...tag, schema: { ...tag.schema, const: undefined, anyOf: tags.map((e) => e?.schema) } };
  }
  const best = named.map((found) => found[0]).sort((x, y) => (y?.path.length ?? 0) - (x?.path.length ?? 0))[0];
  return best && best.path.length > error.path.length ? deepest(best) : error;
}

function describe(error: ValueError | undefined): string {
  if (!error) return 'something is wrong';
  const field = error.path === '' ? 'it' : `"${error.path.slice(1).replaceAll('/', '.')}"`;
  if (error.type === ValueErrorType.ObjectAdditionalProperties) return `${field} is not a field that exists here`;
  const found = error.value === undefined ? 'it is missing' : `found ${JSON.stringify(error.value)?.slice(0, 60) ?? typeof error.value}`;
  return `${field} must be ${expectation(error.schema)} (${found})`;
}

/** What a schema allows, in words. */
function expectation(schema: TSchema): string {
  if (typeof schema.description === 'string' && schema.errorFromDescription) return schema.description;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (Array.isArray(schema.anyOf)) return [...new Set((schema.anyOf as TSchema[]).map(expectation))].join(' or ');
  switch (schema.type) {
    case 'integer':
    case 'number':
      return numeric(schema);
    case 'string':
      return schema.pattern ? `text like ${String(schema.pattern)}` : 'text';
    case 'array':
      return schema.minItems ? `a list of at least ${String(schema.minItems)}` : 'a list';
    case 'object':
      return 'an object';
    case 'boolean':
      return 'true or false';
    default:
      return String(schema.type ?? 'of another kind');
  }
}

function numeric(schema: TSchema): string {
  const noun = schema.type === 'integer' ? 'a whole number' : 'a number';
  const low = schema.minimum as number | undefined;
  const high = schema.maximum as number | undefined;
  const above = schema.exclusiveMinimum as number | undefined;
  if (above !== undefined) return high === undefined ? `${noun} above ${above}` : `${noun} above ${above} and at most ${high}`;
  if (low !== undefined && high !== undefined) return `${noun} from ${low} to ${high}`;
  if (low !== undefined) return `${noun} of at least ${low}`;
  return high === undefined ? noun : `${noun} of at most ${high}`;
}
