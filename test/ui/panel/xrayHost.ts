import type { From } from '../../../src/shared/protocol.ts';
import type { XrayRequests, XraySnapshot } from '../../../src/shared/xray/view.ts';
import { SAMPLES, snapshotOf, type SampleName } from '../../unit/xray/snapshots.ts';
import { applyTheme } from './applyTheme.ts';

/** The X-ray page's stand-in for VS Code: `?theme=dark&sample=nginx`; `patch` is laid over the snapshot. */
const query = new URLSearchParams(location.search);
applyTheme(query.get('theme') ?? 'dark');

let snapshot: XraySnapshot = snapshotOf(SAMPLES[(query.get('sample') ?? 'nginx') as SampleName](), JSON.parse(query.get('patch') ?? '{}') as Partial<XraySnapshot>);
const sent: From<XrayRequests>[] = [];
const tell = (message: unknown): void => window.postMessage(message, '*');

function receive(message: From<XrayRequests>): void {
  sent.push(message);
  if (message.type === 'request') {
    if (message.method === 'pause') snapshot = { ...snapshot, state: 'paused' };
    if (message.method === 'resume') snapshot = { ...snapshot, state: 'live' };
  }
  tell({ type: 'snapshot', snapshot });
  if (message.type === 'request') tell({ type: 'reply', id: message.id, ...(query.get('refuse') ? { error: query.get('refuse') } : {}) });
}

Object.assign(window, {
  sent,
  send: (change: Partial<XraySnapshot>) => {
    snapshot = { ...snapshot, ...change };
    tell({ type: 'snapshot', snapshot });
  },
  acquireVsCodeApi: () => ({ postMessage: receive, getState: () => undefined, setState: () => undefined }),
});
