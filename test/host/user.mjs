// The unprivileged user that VS Code runs as in tests: learners are not root.
import { spawnSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, lchownSync, mkdtempSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { tmpdir } from 'node:os';
import { HumanError } from './console.mjs';

/**
 * Who VS Code, and so every process of a lab, runs as: `{ name, uid, gid }` of BACKEND_LABS_TEST_USER (`nobody` where it is
 * not set) when this process is root, else undefined, which means the user of this process. `root` stays root.
 */
export function testUser() {
  if (process.getuid?.() !== 0) return undefined;
  const name = process.env.BACKEND_LABS_TEST_USER ?? 'nobody';
  if (name === 'root') return undefined;
  const id = (option) => Number(spawnSync('id', [option, name], { encoding: 'utf8' }).stdout.trim() || NaN);
  const user = { name, uid: id('-u'), gid: id('-g') };
  if (Number.isNaN(user.uid)) throw new HumanError(`There is no user ${name} here; set BACKEND_LABS_TEST_USER to one, or to root.`);
  return user;
}

/** A new folder for temporary files, which `user` owns. Its path is short, as unix sockets in it need. */
export function scratchFolder(prefix, user) {
  const folder = mkdtempSync(join(process.platform === 'darwin' ? '/tmp' : tmpdir(), prefix));
  if (user) chownSync(folder, user.uid, user.gid);
  return folder;
}

/** `path`, or where `user` may not read it (a checkout below /root) a copy of it in `scratch`. */
export function readableBy(user, path, scratch) {
  if (!user || spawnSync('test', ['-r', path], { uid: user.uid, gid: user.gid }).status === 0) return path;
  const copy = join(scratch, basename(path));
  if (!existsSync(copy)) cpSync(path, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** Gives `folder` and all in it to `user`; links themselves, not what they point at. */
export function chownTree(folder, user) {
  chownSync(folder, user.uid, user.gid);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    lchownSync(join(entry.parentPath ?? entry.path, entry.name), user.uid, user.gid);
  }
}
