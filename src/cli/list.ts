import { loadCatalog } from '../catalog/catalog.ts';
import type { CommandContext, CommandResult } from './command.ts';

/** `list`: the labs, their exercises, and the folders that are no labs with a sentence each. */
export async function listCommand({ labDirs }: CommandContext): Promise<CommandResult> {
  const { labs, problems } = await loadCatalog(labDirs);
  const json = {
    labs: labs.map(({ lab, exercises }) => ({
      id: lab.id,
      title: lab.title,
      summary: lab.summary,
      minutes: lab.minutes,
      sliders: lab.sliders.map(({ id, label, minimum, maximum, default: usual }) => ({ id, label, minimum, maximum, default: usual })),
      exercises: exercises.map(({ exercise }) => ({ id: `${lab.id}/${exercise.id}`, title: exercise.title, points: exercise.points })),
    })),
    problems,
  };
  const lines = json.labs.flatMap((lab) => [`${lab.id}  ${lab.title} (${lab.minutes} min)`, ...lab.exercises.map((exercise) => `    ${exercise.id}  ${exercise.title}`)]);
  const broken = problems.map(({ folder, message }) => `! ${folder}: ${message}`);
  return { code: problems.length ? 1 : 0, json, text: [...lines, ...broken, ''].join('\n') };
}
