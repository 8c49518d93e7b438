import { spawnSync } from 'node:child_process';

/** A user that the hostile programs are run as. */
export interface TestUser {
  readonly name: string;
  /** What goes before a command to run it as this user. */
  readonly prefix: readonly string[];
}

/** Ourselves; and where that is root, whom learners are not, also `nobody`. */
export function testUsers(): TestUser[] {
  if (process.getuid?.() !== 0) return [{ name: 'an unprivileged user', prefix: [] }];
  const prefix = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'];
  const root: TestUser = { name: 'root', prefix: [] };
  const works = spawnSync(prefix[0] as string, [...prefix.slice(1), 'true']).status === 0;
  if (!works) throw new Error('As root these tests also run as the user nobody, which needs setpriv (package util-linux).');
  return [root, { name: 'an unprivileged user', prefix }];
}
