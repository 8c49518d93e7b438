import type { FromPanel, PanelSnapshot, ToPanel } from '../../../src/shared/protocol.ts';
import { freshSnapshot, simulate, workedSnapshot } from './sampleSnapshot.ts';
import { applyTheme } from './applyTheme.ts';

/** A page's stand-in for VS Code: `?theme=dark&state=fresh&step=predict`; slider moves are answered, other requests only acknowledged. */
const query = new URLSearchParams(location.search);
applyTheme(query.get('theme') ?? 'dark');

let snapshot: PanelSnapshot = {
  ...(query.get('state') === 'worked' ? workedSnapshot() : freshSnapshot()),
  step: (query.get('step') ?? 'predict') as PanelSnapshot['step'],
  ...(JSON.parse(query.get('patch') ?? '{}') as Partial<PanelSnapshot>),
};
const sent: FromPanel[] = [];
const answer = (message: ToPanel): void => window.postMessage(message, '*');

function receive(message: FromPanel): void {
  sent.push(message);
  if (message.type === 'request') {
    if (message.method === 'showStep') snapshot = { ...snapshot, step: message.params.step };
    if (message.method === 'setValues') snapshot = { ...snapshot, values: { ...message.params.values }, simulation: simulate(message.params.values) };
    if (message.method === 'predict') {
      const { answers } = message.params;
      snapshot = { ...snapshot, predictions: snapshot.predictions.map((prediction) => ({ ...prediction, said: answers[prediction.id] ?? prediction.said })) };
    }
  }
  if (query.get('state') !== 'loading') answer({ type: 'snapshot', snapshot });
  if (message.type === 'request') answer({ type: 'reply', id: message.id });
}

Object.assign(window, {
  sent,
  send: (change: Partial<PanelSnapshot>) => {
    snapshot = { ...snapshot, ...change };
    answer({ type: 'snapshot', snapshot });
  },
  acquireVsCodeApi: () => ({
    postMessage: receive,
    getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
    setState: (state: unknown) => sessionStorage.setItem('state', JSON.stringify(state)),
  }),
});
