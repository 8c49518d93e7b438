/** How runners are started here. */
export interface RunnerHost {
  /** The Node (or Electron) that runs them: `process.execPath`. */
  readonly execPath: string;
  /** The built runner, `dist/runner.cjs`. */
  readonly runnerPath: string;
  /** Laid over the scrubbed environment of every process of a run. */
  readonly env?: Readonly<Record<string, string>>;
}
