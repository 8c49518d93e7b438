import { describe, expect, it } from 'vitest';
import { RUN_MARK, runEnvironment } from '../../../src/runtime/environment.ts';

const host = { execPath: '/node', runnerPath: '/runner.cjs', env: { EXTRA: 'yes' } };
const inherited = { PATH: '/bin', LANG: 'de_DE.UTF-8', HOME: '/home/me', GITHUB_TOKEN: 'secret', NODE_OPTIONS: '--inspect', SSH_AUTH_SOCK: '/agent', VSCODE_IPC_HOOK: '/hook', https_proxy: 'http://me:password@proxy' };

describe('the environment of a run', () => {
  const environment = runEnvironment(host, 'abc', '/tmp/run', inherited);

  it('hands on what programs need, and no secret', () => {
    expect(Object.keys(environment).toSorted()).toEqual(['BACKEND_LABS_RUN', 'ELECTRON_RUN_AS_NODE', 'EXTRA', 'HOME', 'LANG', 'PATH', 'TEMP', 'TMP', 'TMPDIR', 'USERPROFILE']);
    expect(environment.PATH).toBe('/bin');
  });

  it('has a home and a temporary folder of its own', () => {
    expect(environment.HOME).toBe('/tmp/run/home');
    expect(environment.TMPDIR).toBe('/tmp/run/tmp');
  });

  it('is marked, and runs Electron as Node', () => {
    expect(environment[RUN_MARK]).toBe('abc');
    expect(environment.ELECTRON_RUN_AS_NODE).toBe('1');
    expect(environment.EXTRA).toBe('yes');
  });

  it('keeps the mark whatever the host lays over it', () => {
    expect(runEnvironment({ ...host, env: { [RUN_MARK]: 'other' } }, 'abc', '/tmp/run', {})[RUN_MARK]).toBe('abc');
  });
});
