import { readFileSync } from 'node:fs';
import { parseThreadsScenario, type ThreadsScenario } from '../../../src/shared/scenario/threads.ts';

/** A scenario of test/fixtures/scenarios/threads. */
export function fixture(name: string): ThreadsScenario {
  const path = new URL(`../../fixtures/scenarios/threads/${name}.json`, import.meta.url);
  return parseThreadsScenario(JSON.parse(readFileSync(path, 'utf8')));
}
