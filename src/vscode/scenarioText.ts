import { HumanError, messageOf } from '../shared/errors.ts';

/** Reads a scenario file's text. Throws a HumanError where it is not JSON. */
export function parseScenarioText(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HumanError(`${name} is not JSON: ${messageOf(error)}. A scenario is a JSON object.`);
  }
}
