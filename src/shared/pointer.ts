import { HumanError } from './errors.ts';

/** A value to write, or `{ add }` for a difference to the number that is there. */
export type Change = unknown;

/**
 * A deep copy of `document` with each JSON pointer (RFC 6901) of `changes` set to its value. Missing objects on the way are
 * made; a missing list element is an error.
 */
export function patched<T extends object>(document: T, changes: Readonly<Record<string, Change>>): T {
  const copy = structuredClone(document);
  for (const [pointer, change] of Object.entries(changes)) set(copy, pointer, change);
  return copy;
}

function set(root: object, pointer: string, change: Change): void {
  const keys = pointer.split('/').slice(1).map(unescaped);
  const last = keys.pop();
  if (!pointer.startsWith('/') || last === undefined) throw new HumanError(`"${pointer}" is not a JSON pointer to a field: write it like "/server/backlog".`);
  let at = root as Record<string, unknown>;
  for (const key of keys) {
    const next = at[key] ?? (Array.isArray(at) ? undefined : {});
    if (typeof next !== 'object' || next === null) throw new HumanError(`"${pointer}" leads nowhere: there is no object at "${key}".`);
    at[key] = next;
    at = next as Record<string, unknown>;
  }
  if (Array.isArray(at) && !(last in at)) throw new HumanError(`"${pointer}" leads nowhere: the list has no element ${last}.`);
  at[last] = isDifference(change) ? Number(at[last]) + change.add : structuredClone(change);
}

function isDifference(change: Change): change is { add: number } {
  return typeof change === 'object' && change !== null && Object.keys(change).length === 1 && typeof (change as { add?: unknown }).add === 'number';
}

/** RFC 6901 §4: `~1` is `/`, `~0` is `~`; names that would reach a prototype are refused. */
function unescaped(key: string): string {
  const name = key.replaceAll('~1', '/').replaceAll('~0', '~');
  if (name === '__proto__' || name === 'constructor' || name === 'prototype') throw new HumanError(`"${name}" cannot be a field here.`);
  return name;
}
