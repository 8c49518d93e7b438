import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseTcpScenario } from '../../src/shared/scenario/tcp.ts';
import type { Recording } from '../../src/sim/tcp/recording.ts';
import { simulateTcp } from '../../src/sim/tcp/simulate.ts';
import { compareRuns, GRADES, gradesHeld, type Differences, type Grade } from './compare.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
export const REFERENCE = join(here, 'reference/tcp');
export const OWN = join(here, 'recordings');
export const SEGMENT_CASES = join(here, 'reference/segment-cases.json');
export const COMPARE_PY = join(here, 'oracle/compare.py');

interface KernelRecording extends Recording {
  readonly scenario: unknown;
  /** The grades on which repeated recordings agreed. */
  readonly repeatable?: string;
}

export interface Row {
  readonly name: string;
  readonly wanted: readonly Grade[];
  readonly held: readonly Grade[];
  readonly differences: Differences;
}

export function recordingNames(directory: string): string[] {
  return readdirSync(directory).filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5)).sort();
}

export function readRecording(directory: string, name: string): KernelRecording {
  return JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8')) as KernelRecording;
}

/** Predicts the recording's scenario and compares. */
export function judge(directory: string, name: string): Row {
  const recorded = readRecording(directory, name);
  const wanted = GRADES.filter((grade) => (recorded.repeatable ?? 'ABC').includes(grade));
  let differences: Differences;
  try {
    differences = compareRuns(simulateTcp(parseTcpScenario(recorded.scenario), { trace: false }).recording, recorded);
  } catch (error) {
    differences = { A: [`no prediction: ${String(error)}`], B: [], C: [] };
  }
  return { name, wanted, held: gradesHeld(differences), differences };
}

/** One line of the table: the grade's letter where it holds, - where not, . where recordings do not agree on it. */
export function tableLine(row: Row): string {
  const marks = GRADES.map((grade) => (!row.wanted.includes(grade) ? '.' : row.held.includes(grade) ? grade : '-')).join('');
  const failing = row.wanted.find((grade) => !row.held.includes(grade) && row.differences[grade].length > 0);
  const first = failing ? `${failing} ${row.differences[failing][0]}` : '';
  return `${row.name.padEnd(44)} ${marks}  ${first.slice(0, 150)}`;
}

/** "A 76 of 76, B 70 of 72, …" */
export function totals(rows: readonly Row[]): string {
  return GRADES.map((grade) => {
    const judged = rows.filter((row) => row.wanted.includes(grade));
    return `${grade} ${judged.filter((row) => row.held.includes(grade)).length} of ${judged.length}`;
  }).join(', ');
}
