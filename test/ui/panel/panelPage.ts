import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../host/browser.mjs';
import type { PanelSnapshot } from '../../../src/shared/protocol.ts';
import type { XraySnapshot } from '../../../src/shared/xray/view.ts';
import type { SampleName } from '../../unit/xray/snapshots.ts';
import type { THEMES } from './themes.ts';

export interface PanelView {
  readonly theme?: keyof typeof THEMES;
  readonly state?: 'fresh' | 'worked' | 'loading';
  readonly step?: PanelSnapshot['step'];
  readonly width?: number;
  readonly patch?: Partial<PanelSnapshot>;
  readonly reducedMotion?: boolean;
}

export interface XrayView {
  readonly theme?: keyof typeof THEMES;
  readonly sample?: SampleName;
  readonly width?: number;
  readonly patch?: Partial<XraySnapshot>;
  /** What each request is refused with. */
  readonly refuse?: string;
}

const NONCE = 'panel';

/** The panel's own bundle in a plain page, under the policy that the extension gives it, with a stand-in for VS Code. */
export class PanelPages {
  /** What pages complained of: console errors and uncaught exceptions. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly server: Server,
    private readonly browser: Browser,
    private readonly origin: string,
  ) {}

  static async start(): Promise<PanelPages> {
    const files = await bundles();
    const server = createServer((request, response) => {
      const path = request.url?.split('?')[0] ?? '';
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const type = path.endsWith('.js') ? 'text/javascript' : path.endsWith('.css') ? 'text/css' : 'text/html';
      response.setHeader('content-type', `${type}; charset=utf-8`);
      response.end(files.get(path) ?? (path === '/xray.html' ? page(origin, 'xrayHost', 'xray') : page(origin, 'fakeHost', 'main')));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PanelPages(server, await launchBrowser(), `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async open({ theme = 'dark', state = 'fresh', step = 'predict', width = 1200, patch, reducedMotion = true }: PanelView = {}): Promise<Page> {
    const opened = await this.page('panel', { theme, state, step, ...(patch ? { patch: JSON.stringify(patch) } : {}) }, width, reducedMotion);
    await opened.locator(state === 'loading' ? 'main.loading' : 'main h1').waitFor();
    return opened;
  }

  /** The page of an X-ray. */
  async openXray({ theme = 'dark', sample = 'nginx', width = 1200, patch, refuse }: XrayView = {}): Promise<Page> {
    const opened = await this.page('xray', { theme, sample, ...(patch ? { patch: JSON.stringify(patch) } : {}), ...(refuse === undefined ? {} : { refuse }) }, width, true);
    await opened.locator('main').waitFor();
    return opened;
  }

  private async page(name: string, query: Readonly<Record<string, string>>, width: number, reducedMotion: boolean): Promise<Page> {
    const opened = await this.browser.newPage({ viewport: { width, height: 900 }, reducedMotion: reducedMotion ? 'reduce' : 'no-preference' });
    opened.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    opened.on('pageerror', (error) => this.complaints.push(error.message));
    await opened.goto(`${this.origin}/${name}.html?${new URLSearchParams(query).toString()}`);
    return opened;
  }

  async closePages(): Promise<void> {
    for (const context of this.browser.contexts()) await context.close();
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
  }
}

async function bundles(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: { main: 'webview/main.tsx', fakeHost: 'test/ui/panel/fakeHost.ts', xray: 'webview/xray.tsx', xrayHost: 'test/ui/panel/xrayHost.ts' },
    bundle: true,
    write: false,
    outdir: '/',
    format: 'iife',
    target: 'chrome120',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
  });
  return new Map(outputFiles.map((file) => [file.path, file.text]));
}

function page(origin: string, host: string, script: string): string {
  const policy = `default-src 'none'; script-src 'nonce-${NONCE}'; style-src ${origin} 'nonce-${NONCE}'`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${NONCE}"><link rel="stylesheet" href="/main.css"><title>Panel</title></head>
<body><div id="root"></div><script nonce="${NONCE}" src="/${host}.js"></script><script nonce="${NONCE}" src="/${script}.js"></script></body></html>`;
}
