// Finds the servers that the X-ray is held against, or gets them, without installing or starting anything.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capture, which } from './command.mjs';
import { step } from './console.mjs';

const cache = fileURLToPath(new URL('../../.cache/servers', import.meta.url));
const root = join(cache, 'root');

/** Server → its Debian package, and where its program lies below a root folder. */
const SERVERS = {
  nginx: { packages: ['nginx-light'], places: ['usr/sbin/nginx'] },
  apache: { packages: ['apache2-bin'], places: ['usr/sbin/apache2'] },
  redis: { packages: ['redis-server', 'redis-tools'], places: ['usr/bin/redis-server'] },
  postgres: { packages: ['postgresql'], places: ['usr/lib/postgresql/*/bin/postgres'] },
};

/**
 * The folder that each server's program lies below: `/`, or one of packages that were unpacked into it, whose libraries are `libraries`.
 * A server that is neither installed nor to be had is left out.
 * @returns {Promise<Record<string, { root: string, program: string, libraries: string[] } | undefined>>}
 */
export async function ensureServers() {
  if (process.platform !== 'linux') return {};
  const missing = Object.keys(SERVERS).filter((name) => !find(name, '/') && !find(name, root));
  if (missing.length > 0) await fetch(missing);
  const found = (name) => [{ root: '/', libraries: [] }, { root, libraries: folders('usr/lib/*-linux-gnu*') }].map((at) => ({ ...at, program: find(name, at.root) })).find(({ program }) => program);
  return Object.fromEntries(Object.keys(SERVERS).map((name) => [name, found(name)]));
}

function find(name, below) {
  return SERVERS[name].places.flatMap((place) => matches(below, place)).find((file) => existsSync(file));
}

const folders = (pattern) => matches(root, pattern).filter((folder) => existsSync(folder));

/** The paths below a folder that a pattern names, in which a part may be or hold `*`. */
function matches(below, pattern) {
  return pattern.split('/').reduce(
    (bases, part) => {
      if (!part.includes('*')) return bases.map((base) => join(base, part));
      const expression = new RegExp(`^${part.replaceAll('*', '.*')}$`);
      return bases.flatMap((base) => (existsSync(base) ? readdirSync(base).filter((entry) => expression.test(entry)).sort().map((entry) => join(base, entry)) : []));
    },
    [below],
  );
}

/** Downloads the packages with what they need and this machine has not, and unpacks them. Needs apt, not root. */
async function fetch(names) {
  const [apt, dpkg] = [which('apt-get'), which('dpkg')];
  if (!apt || !dpkg) return;
  const archives = join(cache, 'archives');
  mkdirSync(join(archives, 'partial'), { recursive: true });
  const own = ['-o', `Dir::Cache::archives=${archives}`, '-o', 'Debug::NoLocking=1', '-o', 'APT::Sandbox::User='];
  const lists = join(cache, 'lists');
  const ownLists = [...own, '-o', `Dir::State::Lists=${lists}`];
  const download = (options) => capture(apt, [...options, 'install', '--download-only', '-y', '-qq', '--no-install-recommends', ...names.flatMap((name) => SERVERS[name].packages)], { timeoutMs: 120_000 });
  await step(`Downloading ${names.join(', ')} for the tests of the X-ray (Debian packages, unpacked into .cache/servers)`, async () => {
    if ((await download(own)).code !== 0) {
      mkdirSync(join(lists, 'partial'), { recursive: true });
      await capture(apt, [...ownLists, 'update', '-qq'], { timeoutMs: 120_000 });
      await download(ownLists);
    }
    for (const file of readdirSync(archives).filter((entry) => entry.endsWith('.deb'))) await capture(dpkg, ['-x', join(archives, file), root]);
  });
  rmSync(archives, { recursive: true, force: true });
}
