// Finds a Chromium, or gets one, and starts it.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { capture, must, which } from './command.mjs';
import { HumanError, step } from './console.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge', 'microsoft-edge'];
const APPLICATIONS = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

/** The path of a Chromium that starts: `CHROMIUM_PATH`, one on the machine, else one that this installs. */
export async function ensureChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (await starts(given)) return given;
    throw new HumanError(`CHROMIUM_PATH is ${given}, which is no Chromium that starts; correct it or unset it.`);
  }
  return (await installed()) ?? (await fromPackage()) ?? (await fromPlaywright());
}

async function installed() {
  const { chromium } = await import('playwright-core');
  const candidates = [...NAMES.map(which), ...APPLICATIONS, chromium.executablePath()].filter((file) => file && existsSync(file));
  for (const file of candidates) if (await starts(file)) return file;
  return undefined;
}

const starts = async (file) => (await capture(file, ['--version'], { timeoutMs: 20_000 }).catch(() => ({ code: 1 }))).code === 0;

async function fromPackage() {
  const apt = which('apt-get');
  if (!apt || process.getuid?.() !== 0) return undefined;
  await step('Installing the Debian package chromium (apt-get, which needs root; about 30 s)', async () => {
    await capture(apt, ['update', '-qq']);
    await capture(apt, ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  });
  return installed();
}

async function fromPlaywright() {
  try {
    await step("Downloading Playwright's Chromium (about 180 MB)", () => must(process.execPath, ['node_modules/playwright-core/cli.js', 'install', 'chromium'], { cwd: root }));
  } catch {
    throw new HumanError('The tests in a browser need Chromium, and none was found or could be downloaded: install the package chromium or google-chrome, or set CHROMIUM_PATH.');
  }
  const found = await installed();
  if (!found) throw new HumanError('Chromium was downloaded but does not start, for want of a library: run `npx playwright-core install-deps chromium` as root, or install the package chromium.');
  return found;
}

/**
 * A headless Chromium, ended by its `close()`.
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function launchBrowser() {
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath: await ensureChromium(),
    // Whoever starts a browser here also started a server, and ends both.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    // The sandbox needs user namespaces, which containers and root do not have; the browser opens our own pages only.
    chromiumSandbox: false,
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}
