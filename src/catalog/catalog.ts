import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HumanError, messageOf } from '../shared/errors.ts';
import { parseExercise, parseLab, parseQuiz, type Exercise, type Lab, type Quiz } from '../shared/lab.ts';

/** A lab's folder, read and checked. */
export interface LabFolder {
  readonly dir: string;
  readonly lab: Lab;
  readonly readmePath: string;
  readonly quiz: Quiz;
  readonly exercises: readonly TaskFolder[];
}

/** An exercise's folder: `starter.ts`, `solution.ts`, `check.ts`, `README.md`, `wrong/*.ts`. */
export interface ExerciseFolder {
  readonly dir: string;
  /** The lab's id. */
  readonly lab: string;
  readonly exercise: Exercise;
}

/** One that was read, with what is to be done in it. */
export interface TaskFolder extends ExerciseFolder {
  /** Its README.md, without the heading. */
  readonly task: string;
}

export interface Catalog {
  /** In order of their ids, which begin with their number. */
  readonly labs: readonly LabFolder[];
  /** Folders that are no labs, each with a sentence why; the others are not held up by them. */
  readonly problems: readonly { readonly folder: string; readonly message: string }[];
}

/** Reads every lab in each of `dirs`. A broken lab becomes a problem; a folder that cannot be listed too. */
export async function loadCatalog(dirs: readonly string[]): Promise<Catalog> {
  const labs: LabFolder[] = [];
  const problems: { folder: string; message: string }[] = [];
  for (const dir of dirs) {
    for (const folder of await foldersIn(dir, problems)) {
      try {
        const found = await loadLab(folder);
        if (labs.some((other) => other.lab.id === found.lab.id)) throw new HumanError(`There is a lab "${found.lab.id}" already: give this one another id and folder name.`);
        labs.push(found);
      } catch (error) {
        problems.push({ folder, message: messageOf(error) });
      }
    }
  }
  return { labs: labs.sort((a, b) => (a.lab.id < b.lab.id ? -1 : 1)), problems };
}

async function foldersIn(dir: string, problems: { folder: string; message: string }[]): Promise<string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    if (entries.some(({ name }) => name === 'lab.json')) throw new HumanError('it is a lab itself; name the folder that it is in.');
    const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name);
    if (names.length === 0) throw new HumanError('there is no lab in it; a lab is a folder with a lab.json.');
    return names.sort().map((name) => join(dir, name));
  } catch (error) {
    problems.push({ folder: dir, message: `The lab folder ${dir} cannot be ${error instanceof HumanError ? 'used' : 'read'}: ${messageOf(error)}` });
    return [];
  }
}

/** Reads one lab's folder. Throws a HumanError that names the file and the field. */
export async function loadLab(dir: string): Promise<LabFolder> {
  const lab = parseLab(await readJson(join(dir, 'lab.json')), 'lab.json');
  if (!dir.endsWith(lab.id)) throw new HumanError(`In lab.json, "id" must be the folder's name (found "${lab.id}").`);
  const quiz = parseQuiz(await readJson(join(dir, 'quiz.json')), 'quiz.json');
  const readmePath = join(dir, 'README.md');
  await mustExist(readmePath);
  const exercises = await Promise.all(lab.exercises.map((id) => loadExercise(join(dir, 'exercises', id), lab.id)));
  return { dir, lab, readmePath, quiz, exercises };
}

async function loadExercise(dir: string, lab: string): Promise<TaskFolder> {
  const file = join(dir, 'exercise.json');
  const exercise = parseExercise(await readJson(file), `${dir.split('/').slice(-2).join('/')}/exercise.json`);
  for (const name of ['starter.ts', 'solution.ts', 'check.ts', 'README.md']) await mustExist(join(dir, name));
  const task = (await readFile(join(dir, 'README.md'), 'utf8')).replace(/^# .*\n/, '').trim();
  return { dir, lab, exercise, task };
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    throw new HumanError(`${file} is missing or cannot be read.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HumanError(`${file} is not JSON: ${messageOf(error)}`);
  }
}

async function mustExist(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new HumanError(`${file} is missing.`);
}
