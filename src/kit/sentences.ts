import { basename } from 'node:path';
import { readProcess } from '../runtime/processTable.ts';
import type { FromProgram, Place } from '../shared/rpc.ts';
import { CheckFailure } from './checkFailure.ts';
import type { LearnerFile } from './learnerFile.ts';
import { PROGRAM_PIPE } from './programPipe.ts';
import { OUTPUT_CAP_BYTES, TOLD_CAP, type ProgramProcess } from './programProcess.ts';

type Listening = Extract<FromProgram, { type: 'listening' }>;

const BEFORE_LISTENING = 'before it listened';
const STAYS_UP = 'a server that stays up';

/** What is said of a program that did not come up, or broke down: each case has a sentence of its own. */

export function endedBeforeListening(program: ProgramProcess, file: LearnerFile): CheckFailure {
  const crash = crashOf(program, file, BEFORE_LISTENING);
  if (crash) return crash;
  const exit = program.told.find((message) => message.type === 'exiting');
  if (exit) {
    const place = file.placeIn(exit.stack);
    return didNotListen(file, `Your program called process.exit(${exit.code})${atLine(place)} before it listened.`, `exit code ${exit.code}`, place);
  }
  return didNotListen(file, `Your program came to its end without listening, with exit code ${program.end?.code ?? 'unknown'}: ${whyEnded(program)}`, `exit code ${program.end?.code ?? 'unknown'}`);
}

function whyEnded(program: ProgramProcess): string {
  if (program.end?.code === 0) return awaits(program) ? 'an await at its top level came to no end, and nothing else kept it running.' : 'nothing kept it running.';
  return program.output().trim() === '' ? 'something in it said that it failed, and printed nothing.' : 'something in it said that it failed; what it printed tells more.';
}

export function listensElsewhere(program: ProgramProcess, file: LearnerFile, port: number): CheckFailure | null {
  const other = program.told.find((message): message is Listening => message.type === 'listening');
  if (other?.port === port) {
    const message = `Your server listens on ${other.address}, where clients of 127.0.0.1 do not reach it. Pass host: '127.0.0.1' to listen().`;
    return didNotListen(file, message, `${other.address} port ${port}`);
  }
  if (other) return didNotListen(file, `Your server listens on port ${other.port}, not on the one in process.env.PORT (${port}).`, `port ${other.port}`);
  const path = program.told.find((message) => message.type === 'listening-elsewhere')?.path;
  return path === undefined ? null : didNotListen(file, `Your server listens on ${path.split(/[\\/]/).at(-1) ?? path}, not on the port in process.env.PORT (${port}).`, path);
}

export function neverListened(program: ProgramProcess, file: LearnerFile, waitedMs: number): CheckFailure {
  const within = `within ${seconds(waitedMs)}`;
  if (program.mute) return didNotListen(file, `Your program closed file descriptor ${PROGRAM_PIPE}, by which the checks hear of it: close only what you opened.`, 'no word of it');
  return didNotListen(file, `Your program runs, but called no listen() ${within}${awaits(program) ? ': it still waits at an await at its top level' : ''}.`, 'no listening socket');
}

/** Whether its module waits at an `await` of its top level. */
function awaits(program: ProgramProcess): boolean {
  return !program.told.some(({ type }) => type === 'loaded');
}

export function hungBeforeListening(program: ProgramProcess, file: LearnerFile, place: Place | null, waitedMs: number): CheckFailure {
  const state = stateOf(program, place);
  const message = {
    busy: `Your program's main thread has been busy for ${seconds(waitedMs)}${inside(place)} and does not come to listen.`,
    waits: `Your program's main thread waits in a call that does not return, and does not come to listen.`,
    stopped: 'Your program stopped itself (SIGSTOP) and does not come to listen.',
  }[state];
  return hung(file, { message, expected: 'a server that listens', actual: AS_SEEN[state](place) }, place, true);
}

/** For a program that listened and then answers nothing. */
export function hungMeanwhile(program: ProgramProcess, file: LearnerFile, place: Place | null): CheckFailure {
  const state = stateOf(program, place);
  const message = {
    busy: `Your server's event loop is busy${inside(place)} and comes to nothing else.`,
    waits: `Your server's event loop waits in a call that does not return, and comes to nothing else.`,
    stopped: 'Your server stopped itself (SIGSTOP) and answers nothing any more.',
  }[state];
  return hung(file, { message, expected: 'an event loop that turns', actual: AS_SEEN[state](place) }, place, false);
}

/** What the main thread of a program does that does not answer, by its state in proc(5); busy where the system does not say, or its place was found. */
function stateOf({ pid }: ProgramProcess, place: Place | null): 'busy' | 'waits' | 'stopped' {
  const state = place ? 'R' : readProcess(pid)?.state;
  return state === 'T' ? 'stopped' : state === 'S' ? 'waits' : 'busy';
}

/** For a program that runs and refuses its clients. */
export function refusesClients({ port, address }: Listening, file: LearnerFile, when: string): CheckFailure {
  const closed = address !== '::';
  const message = closed ? `Your server no longer listens: ${when}, clients of 127.0.0.1 port ${port} were refused.` : `Your server listens on :: for IPv6 alone, where clients of 127.0.0.1 do not reach it. Pass host: '127.0.0.1' to listen().`;
  const location = file.locate([...(closed ? [/\.close\s*\(/] : []), /\.listen\s*\(/]);
  return new CheckFailure({ kind: 'did-not-listen', message, expected: 'a server that listens on 127.0.0.1', actual: 'refused (ECONNREFUSED)', ...(location && { location }) }, { final: !closed });
}

/** A failure for a program that ended in another way than by its own will, or that was made to end; null for one that did not. */
export function crashOf(program: ProgramProcess, file: LearnerFile, when: string): CheckFailure | null {
  const final = when === BEFORE_LISTENING;
  if (program.flooded) {
    const most = { output: `${OUTPUT_CAP_BYTES / 2 ** 20} MiB`, pipe: `${TOLD_CAP} lines to file descriptor ${PROGRAM_PIPE}, which is not its own,` }[program.flooded];
    const message = `Your program ${program.flooded === 'output' ? 'printed' : 'wrote'} more than ${most} ${when} and was ended.`;
    return new CheckFailure({ kind: 'leaked', message, expected: program.flooded === 'output' ? `at most ${most} of output` : 'nothing written there', actual: 'more' }, { final });
  }
  if (!program.end || program.stopping) return null;
  const crash = program.told.find((message) => message.type === 'crashed');
  if (crash) return crashedWith(crash, program, file, when);
  if (/JavaScript heap out of memory/.test(program.output())) {
    return new CheckFailure({ kind: 'leaked', message: `Your program ran out of memory ${when}.`, expected: 'a heap that stays bounded', actual: 'JavaScript heap out of memory' }, { final });
  }
  const { code, signal } = program.end;
  if (signal) return new CheckFailure({ kind: 'crashed', message: `Your program was ended by ${signal} ${when}.`, expected: STAYS_UP, actual: signal }, { final });
  if (final) return null;
  const exit = program.told.find((message) => message.type === 'exiting');
  const place = exit && file.placeIn(exit.stack);
  const message = exit ? `Your program called process.exit(${exit.code})${atLine(place)} ${when}.` : `Your program ended by itself ${when}, with exit code ${code ?? 'unknown'}.`;
  return new CheckFailure({ kind: 'crashed', message, expected: STAYS_UP, actual: `exit code ${code ?? 'unknown'}`, ...(place && { location: file.locationOf(place) }) }, { final });
}

function crashedWith({ message, stack }: Extract<FromProgram, { type: 'crashed' }>, program: ProgramProcess, file: LearnerFile, when: string): CheckFailure {
  const final = when === BEFORE_LISTENING;
  const own = file.placeIn(stack);
  // Of a syntax error that only the engine sees, and of a thrown value that is no Error, the place is in what Node printed.
  const place = own ?? file.placeIn(program.output());
  if (!own && place && message.startsWith('SyntaxError: ')) {
    return new CheckFailure({ kind: 'syntax', message: `Line ${place.line + 1} is not valid: ${message.slice('SyntaxError: '.length)}.`, location: file.locationOf(place) }, { final });
  }
  const missing = missingIn(message);
  const location = place ? file.locationOf(place) : file.locate([...(missing === undefined ? [] : [literal(basename(missing))]), ...(/: listen E/.test(message) ? [/\.listen\s*\(/] : [])]);
  const said = file.readable(message.replace(FLAG, ''));
  return new CheckFailure(
    { kind: 'crashed', message: `Your program crashed ${when}${atLine(place)}: ${said}${advice(message, missing)}`, expected: STAYS_UP, actual: said, ...(location && { location }), stack: file.ownStack(stack.replace(FLAG, '')) },
    { final },
  );
}

/** Advice of Node's that is for who starts the program. */
const FLAG = / Use --allow-[a-z-]+ to manage permissions\./;

/** What it imports that is not there. */
function missingIn(message: string): string | undefined {
  const found = /Cannot find (?:package|module) '([^']+)'|Package subpath '([^']+)' is not defined/.exec(message);
  return found?.[1] ?? found?.[2];
}

/** What a learner can do about it, where Node's own words do not say. */
function advice(message: string, missing: string | undefined): string {
  if (missing !== undefined) return ". Your file is graded alone: it can import Node's own modules and backend-labs/sqlite.";
  if (/does not provide an export named/.test(message)) return '. Where that is a type, say so: import { type … }.';
  // By Node's permission model.
  if (!/Access to this API has been restricted/.test(message)) return '';
  return `${/[.!?]$/.test(message) ? '' : '.'} An exercise's program may read and write in its own folder and in os.tmpdir(), and this one starts no processes unless its README says so.`;
}

function literal(text: string): RegExp {
  return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}

function didNotListen(file: LearnerFile, message: string, actual: string, place?: Place): CheckFailure {
  const location = place ? file.locationOf(place) : file.locate([/\.listen\s*\(/, /createServer\s*\(/, /\S.*/]);
  return new CheckFailure({ kind: 'did-not-listen', message, expected: 'a server that listens on Number(process.env.PORT)', actual, ...(location && { location }) }, { final: true });
}

const AS_SEEN = {
  busy: (place: Place | null) => `busy${inside(place).replace(/,$/, '')}`,
  waits: () => 'a call that does not return',
  stopped: () => 'stopped (SIGSTOP)',
};

function hung(file: LearnerFile, failure: { readonly message: string; readonly expected: string; readonly actual: string }, place: Place | null, final: boolean): CheckFailure {
  return new CheckFailure({ kind: 'hung', ...failure, ...(place && { location: file.locationOf(place) }) }, { final });
}

function inside(place: Place | null): string {
  if (!place) return '';
  return ` at line ${place.line + 1}${place.functionName ? `, in ${place.functionName}()` : ''},`;
}

function atLine(place: Place | undefined): string {
  return place ? ` at line ${place.line + 1}` : '';
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`;
}
