import { HumanError } from '../shared/errors.ts';

/** 128 and the signal's number, as a shell has it of a program that a signal ended: 130 for SIGINT, 143 for SIGTERM. */
export type StoppedCode = 130 | 143;

/** Why the signal of a command is aborted: somebody stopped the program. */
export class Stopped extends HumanError {
  constructor(readonly by: 'SIGINT' | 'SIGTERM') {
    super(`Stopped by ${by}.`);
  }

  get code(): StoppedCode {
    return this.by === 'SIGINT' ? 130 : 143;
  }
}

/** What a command gives: its exit code, what it prints with --json, and what it prints without. */
export interface CommandResult {
  readonly code: 0 | 1 | 2 | StoppedCode;
  readonly json: unknown;
  readonly text: string;
}

export interface CommandContext {
  readonly positionals: readonly string[];
  readonly labDirs: readonly string[];
  readonly set: Readonly<Record<string, number>>;
  readonly repeat: number;
  readonly static: boolean;
  /** Where `validate` keeps what it graded; the system's folder for that unless given. */
  readonly cache: string | null;
  readonly fresh: boolean;
  readonly all: boolean;
  /** `xray`: look again and again. */
  readonly watch: boolean;
  readonly learner: string | null;
  /** Where a form of the result goes; null where it was not asked for, `-` for standard output. */
  readonly outputs: Readonly<Record<'json' | 'junit' | 'html' | 'csv', string | null>>;
  readonly signal: AbortSignal;
  /** Says what is being done, on standard error, where that is a terminal. */
  readonly progress: (message: string) => void;
  /** Writes to standard output at once, for what comes bit by bit. */
  readonly print: (text: string) => Promise<void>;
}
