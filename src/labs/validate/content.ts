import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog, ExerciseFolder, LabFolder } from '../../catalog/catalog.ts';
import type { Exercise, Question, Slider } from '../../shared/lab.ts';
import { finding, type Finding } from './finding.ts';
import { linksFinding } from './links.ts';
import { readmeFindings } from './readme.ts';

const LAB_FILES = ['README.md', 'exercises', 'experiment.ts', 'lab.json', 'quiz.json', 'server.ts'];
const EXERCISE_FILES = ['README.md', 'check.ts', 'exercise.json', 'solution.ts', 'starter.ts', 'wrong'];

/** What can be seen of a lab's content by reading it: ids and links resolve, nothing is missing, nothing is stray. */
export async function contentFindings(folder: LabFolder, catalog: Catalog): Promise<Finding[]> {
  const { lab, quiz, exercises, dir } = folder;
  const known = new Set(catalog.labs.map((other) => other.lab.id));
  const related = [...lab.prerequisites, ...(lab.next ? [lab.next] : [])];
  return [
    finding(lab.id, 'related labs', () => missing(related, known, 'lab')),
    finding(lab.id, 'predictions', () => missing(lab.predictions.map((p) => p.answer), new Set(lab.quantities.map((q) => q.id)), 'quantity')),
    finding(lab.id, 'parts', () => missing(lab.quantities.flatMap(({ part }) => part ?? []), new Set(Object.keys(lab.parts ?? {})), 'part')),
    ...lab.sliders.filter(({ choices }) => choices).map((slider) => finding(lab.id, `choices of ${slider.id}`, () => choicesProblem(slider))),
    finding(lab.id, 'ids', () => repeated([lab.sliders, lab.presets, lab.quantities, lab.predictions, lab.pictures ?? [], quiz.questions])),
    ...quiz.questions.map((question) => finding(lab.id, `question ${question.id}`, () => questionProblem(question))),
    await strayFiles(lab.id, dir, [...LAB_FILES, ...(lab.pictures ? ['pictures'] : []), ...(await importedFiles(dir, lab.exercises)), ...(await threadsFile(join(dir, 'experiment.ts')))], 'files'),
    await strayFiles(lab.id, join(dir, 'exercises'), lab.exercises, 'exercises'),
    ...(lab.pictures ? [await strayFiles(lab.id, join(dir, 'pictures'), lab.pictures.map(({ id }) => `${id}.svg`), 'pictures')] : []),
    ...(await readmeFindings(folder)),
    await linksFinding(lab.id, folder.readmePath),
    ...(await Promise.all(exercises.map(exerciseFindings))).flat(),
  ];
}

/** The files of the lab's own folder that its experiment, its server and its checks import, and those that these import. */
async function importedFiles(dir: string, exercises: readonly string[]): Promise<string[]> {
  const importers = ['experiment.ts', 'server.ts', ...exercises.map((id) => join('exercises', id, 'check.ts'))];
  const reached = new Set(importers);
  for (const name of reached) {
    const text = await readFile(join(dir, name), 'utf8').catch(() => '');
    for (const match of text.matchAll(/from '(?:\.|\.\.\/\.\.)\/([^'/]+\.ts)'/g)) reached.add(match[1] as string);
  }
  return [...reached].filter((name) => !LAB_FILES.includes(name) && !importers.includes(name));
}

async function exerciseFindings({ dir, lab, exercise }: ExerciseFolder): Promise<Finding[]> {
  const { id } = exercise;
  return [
    finding(lab, `${id}: references`, () => referenceProblem(exercise)),
    await allowances(lab, dir, exercise),
    await hints(lab, dir, exercise),
    await strayFiles(lab, dir, [...EXERCISE_FILES, ...(await threadsFile(join(dir, 'check.ts')))], `${id}: files`),
    await strayFiles(lab, join(dir, 'wrong'), exercise.wrong.map(({ file }) => file), `${id}: wrong solutions`),
    await linksFinding(lab, join(dir, 'README.md')),
  ];
}

/** What threads do, where a check or an experiment runs any. */
async function threadsFile(user: string): Promise<string[]> {
  const text = await readFile(user, 'utf8').catch(() => '');
  return /\.(explore|exploreThreads|runThreads)\(/.test(text) ? ['threads.ts'] : [];
}

/** A check can give each hint, and names none that there is not. Which checks do is seen by the hints' ids in `check.ts` and what it has beside it. */
async function hints(lab: string, dir: string, { id, hints: known, ladder }: Exercise): Promise<Finding> {
  const beside = await Promise.all([dir, join(dir, '../..')].map((folder) => readdir(folder).then((names) => names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name)))));
  const files = beside.flat().filter((file) => !['starter.ts', 'solution.ts'].some((name) => file === join(dir, name)));
  const text = (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
  const unused = Object.keys(known).find((hint) => !new RegExp(`['"\`]${hint}['"\`]`).test(text));
  const check = await readFile(join(dir, 'check.ts'), 'utf8');
  const unknown = [...check.matchAll(/\bhint: ['"]([^'"]+)['"]/g)].map((match) => match[1] as string).find((hint) => !Object.hasOwn(known, hint));
  const problem = unused !== undefined ? `no check gives the hint "${unused}"` : unknown !== undefined ? `check.ts gives the hint "${unknown}", which exercise.json does not have` : ladder.length === 0 ? 'the ladder has no hint for who asks for one' : null;
  return { lab, what: `${id}: hints`, problem };
}

/** A program that starts processes is kept from it on some versions of Node and not on others, unless the exercise allows it. */
async function allowances(lab: string, dir: string, { id, allows = [], wrong }: Exercise): Promise<Finding> {
  const files = ['starter.ts', 'solution.ts', ...wrong.map(({ file }) => join('wrong', file))];
  const texts = await Promise.all(files.map((file) => readFile(join(dir, file), 'utf8').catch(() => '')));
  const starting = files.find((_, i) => /from '(node:)?(child_process|cluster)'/.test(texts[i] as string));
  const problem = starting !== undefined && !allows.includes('child-processes') ? `${starting} starts processes: exercise.json needs "allows": ["child-processes"]` : null;
  return { lab, what: `${id}: allowances`, problem };
}

function referenceProblem({ checks, hints, wrong, points }: Exercise): string | null {
  const sum = checks.reduce((total, check) => total + check.points, 0);
  if (sum !== points) return `its checks' points add up to ${sum}, but "points" is ${points}`;
  const checkIds = new Set(checks.map((check) => check.id));
  return missing(wrong.map((one) => one.fails), checkIds, 'check') ?? missing(wrong.map((one) => one.hint), new Set(Object.keys(hints)), 'hint') ?? repeated([checks]);
}

function questionProblem(question: Question): string | null {
  if (question.kind === 'numeric') {
    const mistaken = question.mistakes?.find(({ answer }) => Math.abs(answer - question.answer) <= question.tolerance);
    return mistaken ? `the mistake ${mistaken.answer} counts as right` : null;
  }
  const right = question.options.filter((option) => option.correct).length;
  if (question.kind === 'single' && right !== 1) return `${right} options are right; a single choice has one`;
  if (right === 0 || right === question.options.length) return 'all options are alike: some must be right and some wrong';
  return repeated([question.options]);
}

function choicesProblem({ choices = [], minimum, maximum, step }: Slider): string | null {
  const fits = minimum === 0 && step === 1 && maximum === choices.length - 1;
  return fits ? null : `with ${choices.length} choices it must go from 0 to ${choices.length - 1} by 1`;
}

function missing(ids: readonly string[], known: ReadonlySet<string>, noun: string): string | null {
  const unknown = ids.find((id) => !known.has(id));
  return unknown === undefined ? null : `there is no ${noun} "${unknown}"`;
}

function repeated(lists: readonly (readonly { readonly id: string }[])[]): string | null {
  for (const list of lists) {
    const ids = list.map(({ id }) => id);
    const twice = ids.find((id, at) => ids.indexOf(id) !== at);
    if (twice !== undefined) return `the id "${twice}" stands twice`;
  }
  return null;
}

async function strayFiles(lab: string, dir: string, expected: readonly string[], what: string): Promise<Finding> {
  const found = await readdir(dir).catch((): string[] => []);
  const stray = found.filter((name) => !expected.includes(name));
  const absent = expected.filter((name) => !found.includes(name));
  if (absent.length) return { lab, what, problem: `missing: ${absent.join(', ')}` };
  return { lab, what, problem: stray.length ? `stray: ${stray.join(', ')}` : null };
}
