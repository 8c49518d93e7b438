import { Type, type Static } from '@sinclair/typebox';
import { HumanError } from '../errors.ts';
import { validated } from '../validate.ts';
import { annotations } from './annotations.ts';

const WHAT = 'this backends scenario';
const closed = { additionalProperties: false };
const Fields = Type.Record(Type.String(), Type.Unknown());

/** Several servers under one load, each a scenario of kind `patterns`. */
export const BackendsScenarioSchema = Type.Object(
  {
    kind: Type.Literal('backends'),
    /** Fields of a patterns scenario that all have: the load, the cores, the crash. A field that is null is left out. */
    common: Fields,
    backends: Type.Array(
      Type.Object(
        {
          id: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 40 }),
          title: Type.String({ minLength: 1, maxLength: 100 }),
          /** A system that people run, by its preset's name (`nginx`, `postgresql`, …): its settings go over the common ones. */
          system: Type.Optional(Type.String()),
          /** Fields of its own, over all others. */
          settings: Type.Optional(Fields),
        },
        closed,
      ),
      { minItems: 1, maxItems: 16 },
    ),
    ...annotations,
  },
  closed,
);
export type BackendsScenario = Static<typeof BackendsScenarioSchema>;

/** `value` as a backends scenario; what each one comes to is checked with its model. @throws HumanError, one sentence that names the first wrong field. */
export function parseBackendsScenario(value: unknown): BackendsScenario {
  const scenario = validated(BackendsScenarioSchema, value, WHAT);
  const ids = scenario.backends.map(({ id }) => id);
  const twice = ids.findIndex((id, at) => ids.indexOf(id) !== at);
  if (twice >= 0) throw new HumanError(`In ${WHAT}, "backends.${twice}.id" must differ from the others' (found ${JSON.stringify(ids[twice])} twice).`);
  return scenario;
}
