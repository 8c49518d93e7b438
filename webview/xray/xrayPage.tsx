import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { PATTERNS, type XrayRequests, type XraySnapshot } from '../../src/shared/xray/view.ts';
import { Hatches } from '../diagram/hatches.tsx';
import { Picture } from '../diagram/picture.tsx';
import type { Host } from '../host.ts';
import { useWidth } from '../player/useWidth.ts';
import { Button, Checkbox, ProgressRing } from '../ui/controls.tsx';
import { Icon, Notice } from '../ui/icon.tsx';
import { Changes } from './changes.tsx';
import { curvesScene } from './curvesScene.ts';
import { XrayLegend } from './legend.tsx';
import { outlineScene } from './outlineScene.ts';
import { Pattern } from './pattern.tsx';
import { Tables } from './tables.tsx';
import { ageWords, useAge } from './useAge.ts';
import { stateWords } from './words.ts';

export type XrayHost = Host<XraySnapshot, XrayRequests>;
const MOST_WIDTH = 1160;

/** The page of an X-ray: what the newest snapshot says, and nothing else but which parts the reader looks at. */
export function XrayPage({ host }: { readonly host: XrayHost }): JSX.Element {
  const [snapshot, setSnapshot] = useState<XraySnapshot | null>(null);
  useEffect(() => host.start(setSnapshot), [host]);
  if (!snapshot || snapshot.state === 'looking') {
    return (
      <main class="loading">
        <ProgressRing label="Loading" />
        <p>Looking at the process…</p>
      </main>
    );
  }
  return <Shown snapshot={snapshot} host={host} />;
}

function Shown({ snapshot, host }: { readonly snapshot: XraySnapshot; readonly host: XrayHost }): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame, MOST_WIDTH);
  const [table, setTable] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { sample, recognition, history, intervalMs, changes } = snapshot;
  const ask = (method: keyof XrayRequests): void => {
    host.request(method, {}).then(
      () => setProblem(null),
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <main>
      <Header snapshot={snapshot} ask={ask} />
      <State snapshot={snapshot} />
      {problem !== null && <Notice icon="warning" tone="bad">{problem}</Notice>}
      <div ref={frame}>
        {sample && recognition && (
          <>
            <p class="takeaway">{PATTERNS[recognition.pattern]}</p>
            <Pattern recognition={recognition} />
            <p class="state-line">{stateWords(sample)}</p>
            <Picture id="outline" scene={outlineScene(sample, width)} hint="Point at a socket or a process, or press Tab and the arrow keys." />
            <XrayLegend sample={sample} wide={width >= 720} />
            <h3>The last 60 seconds</h3>
            <Picture id="curves" scene={curvesScene(history, intervalMs, width)} hint="A bar is a sample; there is nothing between two." />
            <Changes changes={changes} nowMs={sample.takenAtMs} />
            <Checkbox label="Show all of it as tables" checked={table} onChange={setTable} />
            {table && <Tables sample={sample} />}
          </>
        )}
      </div>
      <Hatches />
    </main>
  );
}

function Header({ snapshot, ask }: { readonly snapshot: XraySnapshot; readonly ask: (method: keyof XrayRequests) => void }): JSX.Element {
  const { sample, asked, state } = snapshot;
  const age = useAge(snapshot);
  const root = sample?.processes[0];
  const named = /^\d+$/.test(asked) ? '' : `, asked for as ${asked}`;
  return (
    <header class="lab-header">
      <div>
        <h1>X-ray: {root?.program ?? root?.name ?? asked}</h1>
        {root && (
          <p class="quiet">
            Process {root.pid} of {root.user}
            {named}.
          </p>
        )}
      </div>
      <div class="xray-clock">
        {state === 'live' && <Button onClick={() => ask('pause')}>Pause</Button>}
        {state === 'paused' && (
          <Button primary onClick={() => ask('resume')}>
            Resume
          </Button>
        )}
        {sample && (
          <p class="quiet">
            Sampled <span class="age">{ageWords(age)}</span>
            {state === 'live' ? `, every ${snapshot.intervalMs} ms` : ''}; a look takes {sample.tookMs} ms.
          </p>
        )}
      </div>
    </header>
  );
}

/** What the reader has to know before the picture: that it stands still, or comes to an end. */
function State({ snapshot: { state, problem, sample } }: { readonly snapshot: XraySnapshot }): JSX.Element | null {
  const root = sample?.processes[0];
  if (state === 'paused') return <Notice icon="pause" tone="warn">Paused: what is shown stands still, and no sample is taken.</Notice>;
  if (state === 'ended') return <Notice icon="info" tone="warn">{root ? `${root.program ?? root.name} (process ${root.pid}) has ended. What is shown is its last sample.` : 'The process has ended.'}</Notice>;
  if (state !== 'failed') return null;
  return (
    <div class="notice bad" role="alert">
      <Icon name="warning" />
      <div>{problem} What is shown is the last sample.</div>
    </div>
  );
}
