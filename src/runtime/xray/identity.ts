import { readFile, readlink, stat } from 'node:fs/promises';
import { basename } from 'node:path';

/** What a process is called and whose it is: that does not change between two looks, but for the title. */
export interface Identity {
  readonly program: string | null;
  readonly title: string;
  readonly user: string;
  readonly clusterWorker: boolean;
}

const LONGEST_TITLE = 160;

export async function readIdentity(pid: number, name: string): Promise<Identity> {
  const [exe, commandLine, owner, environment] = await Promise.all([
    readlink(`/proc/${pid}/exe`).catch(() => null),
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    stat(`/proc/${pid}`).catch(() => null),
    readFile(`/proc/${pid}/environ`, 'latin1').catch(() => ''),
  ]);
  return {
    program: exe === null ? null : basename(exe.replace(/ \(deleted\)$/, '')),
    title: titleIn(commandLine) || `[${name}]`,
    user: owner === null ? '' : await nameOf(owner.uid),
    clusterWorker: /(^|\0)NODE_UNIQUE_ID=/.test(environment),
  };
}

/** A command line with the program's file name alone; a program may have overwritten it with a sentence (`nginx: worker process`). */
export function titleIn(commandLine: string): string {
  const [program = '', ...rest] = commandLine.replace(/\0+$/, '').split('\0');
  const short = !program.includes(' ') ? basename(program) : program;
  const title = [short, ...rest].join(' ').replace(/\s+/g, ' ').trim();
  return title.length > LONGEST_TITLE ? `${title.slice(0, LONGEST_TITLE - 1)}…` : title;
}

let users: Promise<ReadonlyMap<number, string>> | undefined;

/** A user's name, or `uid 1000` where /etc/passwd does not know it. */
export async function nameOf(uid: number): Promise<string> {
  users ??= readFile('/etc/passwd', 'utf8').then(usersIn, () => new Map());
  return (await users).get(uid) ?? `uid ${uid}`;
}

function usersIn(text: string): ReadonlyMap<number, string> {
  const rows = text.split('\n').map((line) => line.split(':'));
  return new Map(rows.filter((fields) => fields.length > 2).map(([name, , uid]) => [Number(uid), name as string]));
}
