import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { PanelSnapshot, RunView } from '../../src/shared/protocol.ts';
import type { Comparison, Machine } from '../../src/shared/report.ts';
import { useStore } from '../context.ts';
import { limitsOf, SOMAXCONN } from '../diagram/limits.ts';
import { formatNumber } from '../format.ts';
import type { StepProps } from './stepProps.ts';
import { LabPicture } from '../player/labPicture.tsx';
import { ConnectPlot } from '../plot/connectPlot.tsx';
import { LatencyPlot } from '../plot/latencyPlot.tsx';
import { Button, ProgressRing } from '../ui/controls.tsx';
import { Notice } from '../ui/icon.tsx';
import { ComparisonTable } from './comparisons.tsx';
import { ServerCard } from './server.tsx';
import { goTo } from './tabs.tsx';

/** Step 3: real servers on this machine do the same, and stand beside what was predicted. */
export function RunStep({ snapshot }: StepProps): JSX.Element {
  const { run, machine } = snapshot;
  return (
    <>
      <h2>Run for real</h2>
      <RunControls snapshot={snapshot} />
      {machine && <MachineLine machine={machine} />}
      {run.state === 'failed' && (
        <Notice icon="warning" tone="bad">
          The run did not finish. {run.message}
        </Notice>
      )}
      {run.state === 'cancelled' && (
        <Notice icon="info" tone="info">
          The run was cancelled; nothing of it is left running.
        </Notice>
      )}
      {run.state === 'done' && <Result run={run} snapshot={snapshot} />}
      <ServerCard snapshot={snapshot} />
    </>
  );
}

function RunControls({ snapshot }: { readonly snapshot: PanelSnapshot }): JSX.Element {
  const store = useStore();
  const { run, runLocked, trusted } = snapshot;
  if (!trusted) {
    return (
      <Notice icon="lock" tone="warn">
        This workspace is not trusted, so nothing is run here. Reading and simulating work; to run, trust the workspace (command "Workspaces: Manage Workspace Trust").
      </Notice>
    );
  }
  if (runLocked) {
    return (
      <>
        <Notice icon="lock" tone="info">
          Answer or skip the predictions first: a number you have said is one you will remember.
        </Notice>
        <div class="actions">
          <Button primary onClick={() => void goTo(store, 'predict')}>
            Go to the predictions
          </Button>
        </div>
      </>
    );
  }
  if (run.state === 'running') {
    const percent = run.fraction === null ? null : Math.round(run.fraction * 100);
    return (
      <div class="running" role="status">
        {percent === null ? <ProgressRing label={run.message} /> : <progress max={100} value={percent} aria-label={run.message} />}
        <span>
          {run.message}
          {percent === null ? '' : ` (${percent} %)`}
        </span>
        <Button onClick={() => void store.request('cancelRun', {})}>Cancel</Button>
      </div>
    );
  }
  return (
    <>
      {run.state === 'idle' && <p>Real processes and this machine’s own kernel; nothing leaves the machine. Your settings from the simulation are used where the real run has them.</p>}
      <div class="actions">
        <Button primary={run.state !== 'done'} onClick={() => void store.request('run', {})}>
          {run.state === 'done' ? 'Run again' : 'Run for real'}
        </Button>
      </div>
    </>
  );
}

function Result({ run, snapshot }: { readonly run: Extract<RunView, { state: 'done' }>; readonly snapshot: PanelSnapshot }): JSX.Element {
  const somaxconn = Number(snapshot.machine?.kernel.somaxconn ?? SOMAXCONN);
  const limits = useMemo(() => limitsOf(run.values, somaxconn), [run.values, somaxconn]);
  const moved = snapshot.lab.sliders.filter((slider) => snapshot.values[slider.id] !== run.values[slider.id]);
  return (
    <>
      {moved.length > 0 && (
        <Notice icon="info" tone="info">
          This run had other settings than the simulation has now: {moved.map((slider) => `${slider.label} ${formatNumber(run.values[slider.id] ?? slider.default)}`).join(', ')}.
        </Notice>
      )}
      <h3>Predicted and measured, number by number</h3>
      <ComparisonTable comparisons={run.comparisons} />
      {run.notes.length > 0 && (
        <ul class="notes">
          {run.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <h3>Predicted and measured, in one picture</h3>
      <LabPicture name="run" diagram={snapshot.lab.diagram} traces={[run.predicted, run.measured]} limits={limits} sentence={agreement(run.comparisons)} />
      {snapshot.lab.diagram === 'ladder' && (
        <>
          <h3>Each latency from all sides</h3>
          <LatencyPlot comparisons={run.comparisons} />
        </>
      )}
      {snapshot.lab.diagram === 'copy-on-write' && (
        <>
          <h3>Answers a second, from all sides</h3>
          <LatencyPlot comparisons={run.comparisons} unit="answers/s" />
        </>
      )}
      {snapshot.lab.diagram === 'accept-queue' && (
        <>
          <h3>How long each client waited</h3>
          <ConnectPlot predicted={run.predicted} measured={run.measured} />
        </>
      )}
    </>
  );
}

/** How far prediction and measurement agree, in a sentence. */
export function agreement(comparisons: readonly Comparison[]): string {
  const compared = comparisons.filter((row) => row.outcome === 'agrees' || row.outcome === 'differs');
  const differing = compared.filter((row) => row.outcome === 'differs');
  if (compared.length === 0) return 'Nothing could be compared on this machine.';
  const unfit = comparisons.filter((row) => row.outcome === 'unfit-machine').length;
  const undecided = unfit === 0 ? '' : ` This machine was too busy to decide ${unfit === 1 ? 'one more' : `${formatNumber(unfit)} more`}: run it again.`;
  if (differing.length > 0) return `${compared.length - differing.length} of ${compared.length} numbers agree; what differs: ${differing.map((row) => row.label).join(', ')}.${undecided}`;
  if (unfit > 0) return `${compared.length === 1 ? 'The one number that could be compared agrees' : `The ${formatNumber(compared.length)} numbers that could be compared agree`}.${undecided}`;
  return `The real run did what was predicted: ${compared.length === 1 ? 'the one number agrees' : `all ${compared.length} numbers agree`}.`;
}

function MachineLine({ machine }: { readonly machine: Machine }): JSX.Element {
  return (
    <p class="quiet machine">
      Measured here: {machine.platform} {machine.release}, HZ {formatNumber(1000 / machine.jiffyMs)} (a jiffy is {formatNumber(machine.jiffyMs)} ms), {machine.cores} {machine.cores === 1 ? 'core' : 'cores'}, Node {machine.node}.
    </p>
  );
}
