import type { JSX } from 'preact';
import type { PanelSnapshot } from '../../src/shared/protocol.ts';
import { useStore } from '../context.ts';
import { Button, ProgressRing } from '../ui/controls.tsx';
import { Notice } from '../ui/icon.tsx';

/** The lab's server by itself, kept up to be tried by hand. */
export function ServerCard({ snapshot }: { readonly snapshot: PanelSnapshot }): JSX.Element {
  const store = useStore();
  const { server, trusted } = snapshot;
  const start = (
    <Button disabled={!trusted} onClick={() => void store.request('startServer', {})}>
      Start Server
    </Button>
  );
  return (
    <section class="card server" aria-label="Server">
      <h3>Keep the server up and try it yourself</h3>
      {server.state === 'stopped' && (
        <>
          <p>{trusted ? "The lab's server stays up until you stop it, with commands to try on it." : 'Starting a server needs a trusted workspace.'}</p>
          <div class="actions">{start}</div>
        </>
      )}
      {server.state === 'starting' && (
        <div class="running" role="status">
          <ProgressRing label="Starting the server" />
          <span>Starting the server…</span>
        </div>
      )}
      {server.state === 'failed' && (
        <>
          <Notice icon="warning" tone="bad">
            The server did not start. {server.message}
          </Notice>
          <div class="actions">{start}</div>
        </>
      )}
      {server.state === 'running' && (
        <>
          <div class="running" role="status">
            <span>
              Listening on <code>127.0.0.1:{server.port}</code>, process <code>{server.pid}</code>.
            </span>
            <Button onClick={() => void store.request('stopServer', {})}>Stop</Button>
          </div>
          <ul class="commands">
            {server.commands.map(({ label, command }) => (
              <li key={command}>
                <span>{label}</span>
                <code class="command">{command}</code>
                <span class="actions">
                  <Button label={`Copy: ${label}`} onClick={() => void store.request('copyText', { text: command })}>
                    Copy
                  </Button>
                  <Button label={`Put in terminal: ${label}`} onClick={() => void store.request('runInTerminal', { command })}>
                    Put in terminal
                  </Button>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
