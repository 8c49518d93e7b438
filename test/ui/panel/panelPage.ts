import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../host/browser.mjs';
import type { PanelSnapshot } from '../../../src/shared/protocol.ts';
import type { THEMES } from './themes.ts';

export interface PanelView {
  readonly theme?: keyof typeof THEMES;
  readonly state?: 'fresh' | 'worked' | 'loading';
  readonly step?: PanelSnapshot['step'];
  readonly width?: number;
  readonly patch?: Partial<PanelSnapshot>;
  readonly reducedMotion?: boolean;
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
      response.end(files.get(path) ?? page(origin));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PanelPages(server, await launchBrowser(), `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async open({ theme = 'dark', state = 'fresh', step = 'predict', width = 1200, patch, reducedMotion = true }: PanelView = {}): Promise<Page> {
    const opened = await this.browser.newPage({ viewport: { width, height: 900 }, reducedMotion: reducedMotion ? 'reduce' : 'no-preference' });
    opened.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    opened.on('pageerror', (error) => this.complaints.push(error.message));
    const query = new URLSearchParams({ theme, state, step, ...(patch ? { patch: JSON.stringify(patch) } : {}) });
    await opened.goto(`${this.origin}/panel.html?${query.toString()}`);
    await opened.locator(state === 'loading' ? 'main.loading' : 'main h1').waitFor();
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
    entryPoints: { main: 'webview/main.tsx', fakeHost: 'test/ui/panel/fakeHost.ts' },
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

function page(origin: string): string {
  const policy = `default-src 'none'; script-src 'nonce-${NONCE}'; style-src ${origin} 'nonce-${NONCE}'`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${NONCE}"><link rel="stylesheet" href="/main.css"><title>Panel</title></head>
<body><div id="root"></div><script nonce="${NONCE}" src="/fakeHost.js"></script><script nonce="${NONCE}" src="/main.js"></script></body></html>`;
}
