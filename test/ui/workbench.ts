import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../host/browser.mjs';
import { startServer, workbenchUrl } from '../host/server.mjs';
import { chownTree, scratchFolder, testUser } from '../host/user.mjs';

/** The colour themes that everything is looked at in: VS Code's id, its name in the picker, and what it is called in the window's and in a webview's document. */
const THEMES = {
  light: { id: 'Light Modern', label: 'Light Modern', css: 'vs', kind: 'vscode-light' },
  dark: { id: 'Dark Modern', label: 'Dark Modern', css: 'vs-dark', kind: 'vscode-dark' },
  'high-contrast': { id: 'Default High Contrast', label: 'Dark High Contrast', css: 'hc-black', kind: 'vscode-high-contrast' },
  'high-contrast-light': { id: 'Default High Contrast Light', label: 'Light High Contrast', css: 'hc-light', kind: 'vscode-high-contrast-light' },
} as const;
export type Theme = keyof typeof THEMES;

const SETTINGS = {
  // Without these an animation or an editor that takes the focus late closes the palette under a test.
  'workbench.reduceMotion': 'on',
  'workbench.quickOpen.closeOnFocusLost': false,
  // The web build saves after a second by itself, the desktop never.
  'files.autoSave': 'off',
};

export interface WorkbenchOptions {
  /** The folder with the extension as it ships; `inject('extension')` in a test. */
  readonly extension: string;
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Files of the open folder, path → text. `null` opens no folder at all. */
  readonly files?: Readonly<Record<string, string>> | null;
  /** False: the workbench asks whether to trust the folder. */
  readonly trust?: boolean;
}

/** A real VS Code in a browser, on a folder of its own, with the extension installed. */
export class Workbench {
  private readonly hosts = new Set<string>();

  private constructor(
    private readonly options: WorkbenchOptions,
    private readonly scratch: string,
    private readonly server: Awaited<ReturnType<typeof startServer>>,
    private readonly browser: Browser,
    readonly page: Page,
  ) {
    page.on('request', (request) => this.hosts.add(new URL(request.url()).host));
  }

  /** Starts VS Code and waits until the extension has its place in it. */
  static async open(options: WorkbenchOptions): Promise<Workbench> {
    const user = testUser();
    const scratch = scratchFolder('bl-ui-', user);
    const folder = join(scratch, 'workspace');
    mkdirSync(folder);
    for (const [name, text] of Object.entries(options.files ?? {})) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const settings = { ...SETTINGS, 'workbench.colorTheme': THEMES[options.theme ?? 'dark'].id, ...options.settings };
    const server = await startServer({ scratch, install: [options.extension], settings, trust: options.trust ?? true, user });
    const browser = await launchBrowser();
    const viewport = { width: options.width ?? 1280, height: options.height ?? 800 };
    const page = await browser.newPage({ viewport, permissions: ['clipboard-read', 'clipboard-write'] });
    const bench = new Workbench(options, scratch, server, browser, page);
    try {
      await bench.load();
    } catch (error) {
      await bench.close();
      throw error;
    }
    return bench;
  }

  /** The folder that is open, as a path. */
  get folder(): string {
    return join(this.scratch, 'workspace');
  }

  /** Where what it starts puts temporary files, as a path. */
  get temporary(): string {
    return this.server.temporary;
  }

  /** Loads the workbench. */
  async load(): Promise<void> {
    await this.page.goto(workbenchUrl(this.server, this.options.files === null ? {} : { folder: this.folder }));
    await this.page.getByRole('tab', { name: 'Backend Labs' }).first().waitFor({ timeout: 30_000 });
  }

  /** Reloads the window as a user does: VS Code writes down what is open before it goes. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load', { timeout: 60_000 });
    await this.command('Developer: Reload Window');
    await loaded;
    await this.page.getByRole('tab', { name: 'Backend Labs' }).first().waitFor({ timeout: 30_000 });
  }

  /** Runs a command by its title in the palette: `Backend Labs: Start Lab…`. */
  async command(title: string): Promise<void> {
    await this.pick('F1', `>${title}`, title);
  }

  /** Opens a file of the folder by its name. */
  async openFile(name: string): Promise<void> {
    await this.pick('Control+P', name, name.slice(name.lastIndexOf('/') + 1));
  }

  /** Presses `key`, types into the quick input that it opens, and takes the row that says `label`. */
  async pick(key: string, text: string, label: string): Promise<void> {
    await this.quickInput.waitFor({ state: 'hidden' }); // one that still fades out would take the key, and close
    const input = this.quickInput.locator('input');
    await again(() => this.page.keyboard.press(key), () => input.waitFor({ timeout: 10_000 }));
    await input.fill(text);
    await this.choose(label);
  }

  /** Takes the row that says `label` from the quick input that is open. */
  async choose(label: string): Promise<void> {
    await this.quickInput.locator('.monaco-list-row').filter({ hasText: label }).first().click();
  }

  /** The same from a list that may be longer than the window: what is asked for is typed, since a row out of sight is not drawn. */
  async chooseFrom(placeholder: string, label: string): Promise<void> {
    await this.quickInput.getByPlaceholder(placeholder).fill(label);
    await this.choose(label);
  }

  /** Pastes `text` where the focus is. Typed, it would be indented and its brackets closed once more. */
  async paste(text: string): Promise<void> {
    await this.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await this.page.keyboard.press('Control+V');
  }

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  /** The document of the webview that is to be seen. */
  get webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  }

  /** A notification that says `text`; its buttons are `getByRole('button')` in it. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: text });
  }

  /** Shows the extension's own side bar and returns its tree item called `name`. */
  async treeItem(name: string | RegExp): Promise<Locator> {
    const tab = this.page.getByRole('tab', { name: 'Backend Labs' }).first();
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    return this.page.getByRole('treeitem', { name }).first();
  }

  /** Opens a lab by its row in the side bar. */
  async openLab(title: string): Promise<void> {
    const row = await this.treeItem(title);
    const shown = this.webview.getByRole('heading', { level: 1, name: title });
    // A row that moves as it is clicked, since a banner comes or the tree is drawn anew, does not get the click.
    await again(() => row.click(), () => shown.waitFor({ timeout: 15_000 }));
  }

  /** Leaves the window without an editor; what was not saved is. */
  async closeEditors(): Promise<void> {
    if ((await this.page.locator('.tabs-container .tab').count()) === 0) return;
    await this.command('File: Save All Files');
    await this.page.locator('.tab.dirty').first().waitFor({ state: 'detached' }); // else closing asks whether to save
    await this.command('View: Close All Editors');
    await this.page.locator('.tabs-container .tab').first().waitFor({ state: 'detached' });
  }

  /** Switches the colour theme, as a user does: VS Code does not watch its settings file here. */
  async setTheme(theme: Theme): Promise<void> {
    const { label, css, kind } = THEMES[theme];
    await this.command('Preferences: Color Theme');
    await this.quickInput.getByPlaceholder(/Theme/).fill(label);
    await this.quickInput.getByRole('option', { name: new RegExp(`^${label}`) }).click();
    await this.quickInput.waitFor({ state: 'hidden' });
    await this.page.locator(`.monaco-workbench.${css}`).waitFor({ timeout: 10_000 });
    // A webview takes over the theme's colours in a message of its own.
    if ((await this.page.locator('iframe.webview.ready').count()) > 0) await this.webview.locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
  }

  /** Shows or hides the side bar. */
  async showSideBar(shown: boolean): Promise<void> {
    const bar = this.page.locator('.part.sidebar');
    if ((await bar.isVisible()) === shown) return;
    await this.command('View: Toggle Primary Side Bar Visibility');
    await bar.waitFor({ state: shown ? 'visible' : 'hidden' });
  }

  /** Waits until two frames have been drawn, so that a picture shows what was asked for last. */
  async settle(): Promise<void> {
    await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  }

  /** Closes the messages in the corner, which would hide what is below them. */
  async closeNotifications(): Promise<void> {
    await this.command('Notifications: Clear All Notifications');
    await this.page.locator('.notification-toast').first().waitFor({ state: 'detached' });
  }

  async setSize(width: number, height = 800): Promise<void> {
    await this.page.setViewportSize({ width, height });
  }

  /** Writes a picture of the window, or of a part of it, to `file`. */
  async screenshot(file: string, part?: Locator): Promise<void> {
    mkdirSync(join(file, '..'), { recursive: true });
    await (part ?? this.page).screenshot({ path: file, animations: 'disabled' });
  }

  /** Hosts that the page asked besides this server; a webview's own made-up host is answered on the spot. */
  outsideHosts(): string[] {
    return [...this.hosts].filter((host) => host !== '' && host !== this.server.authority && !host.endsWith('.vscode-resource.vscode-cdn.net'));
  }

  /** What the extension host and the extension logged. */
  log(): string {
    return this.server.log();
  }

  /** Files written from here on belong to the user that VS Code runs as. */
  handOver(): void {
    const user = testUser();
    if (user) chownTree(this.folder, user);
  }

  /** Ends the browser, the server and all that they started, and removes their files. */
  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    rmSync(this.scratch, { recursive: true, force: true });
  }
}

/** Does `act` until what it is for is `seen`, three times at most: a window that is busy may lose a key or a click. */
async function again(act: () => Promise<void>, seen: () => Promise<void>, times = 3): Promise<void> {
  await act();
  await seen().catch((error: unknown) => {
    if (times === 1) throw error;
    return again(act, seen, times - 1);
  });
}

/** Where pictures of failed tests are put. */
export const failuresFolder = fileURLToPath(new URL('../../.cache/ui-failures', import.meta.url));
