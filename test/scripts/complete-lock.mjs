// Completes package-lock.json. Where the registry at hand lacks the packages of other platforms, npm leaves them out of the
// lock, and `npm ci` then refuses the lock. Run after `npm install`; with `--check` it only says what is missing.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];

/**
 * The optional packages that `lock` asks for and does not list, as `[path, entry]`.
 * @param {any} lock
 * @returns {[string, object][]}
 */
export function missingOptional(lock) {
  const entries = new Map();
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (isListed(lock, path, name)) continue;
      entries.set(`node_modules/${name}`, { version, ...platform(name), ...(dev && { dev }), license: 'MIT', optional: true });
    }
  }
  return [...entries];
}

/** True where `name` is found from `path`, in its own node_modules or in one further up. */
function isListed(lock, path, name) {
  for (let from = path; ; from = from.slice(0, from.lastIndexOf('/node_modules/'))) {
    if (lock.packages[`${from === '' ? '' : `${from}/`}node_modules/${name}`]) return true;
    if (!from.includes('/node_modules/')) return lock.packages[`node_modules/${name}`] !== undefined;
  }
}

/** What a package's name says of its platform: `@rollup/rollup-linux-x64-musl`. */
function platform(name) {
  const words = name.split(/[-/]/);
  const os = OS.find((each) => words.includes(each));
  const cpu = CPU.find((each) => words.includes(each));
  const libc = name.endsWith('musl') || name.includes('musleabi') ? 'musl' : os === 'linux' && /-gnu/.test(name) ? 'glibc' : undefined;
  return { ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc] }), ...(os && { os: [os] }) };
}

function main() {
  const file = new URL('../../package-lock.json', import.meta.url);
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingOptional(lock);
  if (missing.length === 0) return;
  console.log(`package-lock.json lacks ${missing.map(([path]) => path.slice('node_modules/'.length)).join(', ')}`);
  if (process.argv.includes('--check')) {
    process.exitCode = 1;
    return;
  }
  const { '': self, ...rest } = { ...lock.packages, ...Object.fromEntries(missing) };
  lock.packages = { '': self, ...Object.fromEntries(Object.entries(rest).sort(([a], [b]) => a.localeCompare(b, 'en'))) };
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
