import type { ExerciseReport, FailureKind } from '../../src/shared/report.ts';

/** What a hostile program must come to. */
export interface Expected {
  readonly program: string;
  readonly verdict: ExerciseReport['verdict'];
  /** Of the first check that failed. */
  readonly kind?: FailureKind;
  readonly message?: RegExp;
  /** Counting from 1, as a person does. */
  readonly line?: number;
  /** What it comes to instead where Node confines it. */
  readonly confined?: Expected;
}

const failed = (program: string, kind: FailureKind, message: RegExp, line?: number): Expected => ({ program, verdict: 'failed', kind, message, ...(line !== undefined && { line }) });
const passed = (program: string): Expected => ({ program, verdict: 'passed' });

export const VERDICTS: readonly Expected[] = [
  passed('right'),
  failed('empty', 'did-not-listen', /came to its end without listening/),
  failed('does-not-parse', 'syntax', /^Line 3 does not parse/, 3),
  failed('needs-a-compiler', 'syntax', /enum is not supported/, 3),
  failed('declared-twice', 'syntax', /^Line 4 is not valid: Identifier 'server'/, 4),
  failed('missing-module', 'crashed', /Cannot find package 'express'/, 2),
  failed('never-listens', 'did-not-listen', /called no listen\(\) within/),
  failed('wrong-port', 'did-not-listen', /listens on port \d+, not on the one in process\.env\.PORT/, 4),
  failed('unix-socket', 'did-not-listen', /listens on socket, not on the port/, 5),
  failed('busy-port', 'crashed', /EADDRINUSE/),
  failed('throws-at-load', 'crashed', /crashed before it listened at line 4: RangeError: no such setting/, 4),
  failed('throws-no-error', 'crashed', /it threw a string, which is not an Error/),
  failed('unhandled-rejection', 'crashed', /at line 5: Error: nobody catches this/, 5),
  failed('stack-overflow', 'crashed', /at line 2: RangeError: Maximum call stack/, 2),
  failed('loops-at-load', 'hung', /busy for .* at line 6, in spin\(\), and does not come to listen/, 6),
  failed('waits-in-atomics', 'hung', /does not come to listen/),
  failed('exits-at-load', 'did-not-listen', /called process\.exit\(7\) at line 4 before it listened/, 4),
  failed('exits-in-every-callback', 'crashed', /called process\.exit\(0\) at line 3 during "Ask for \/"/, 3),
  failed('crashes-on-request', 'crashed', /during "Ask for \/" at line 4: SyntaxError/, 4),
  failed('loops-on-request', 'hung', /event loop is busy at line 4,/, 4),
  failed('never-answers', 'wrong-answer', /got "TIMEOUT"/),
  failed('resets-clients', 'wrong-answer', /got "ECONNRESET"/),
  failed('wrong-answer', 'wrong-answer', /expected "ok", got "no"/, 3),
  failed('prints-a-gigabyte', 'leaked', /printed more than 32 MiB/),
  failed('prints-without-end', 'hung', /does not come to listen/),
  passed('ignores-sigterm'),
  failed('detached-grandchild', 'leaked', /A process that your program started went on/),
  failed('hands-its-port-on', 'leaked', /A process that your program started went on/),
  failed('daemon-without-mark', 'leaked', /A process that your program started went on/),
  failed('fork-bomb', 'leaked', /(started \d+ processes|used \d+ MiB of memory) and was ended|processes that your program started went on/),
  failed('memory-hog', 'leaked', /ran out of memory before it listened/),
  failed('memory-hog-outside-the-heap', 'leaked', /used \d+ MiB of memory and was ended/),
  failed('native-crash', 'crashed', /ended by SIGSEGV before it listened/),
  failed('aborts', 'crashed', /ended by SIGABRT before it listened/),
  passed('worker-without-end'),
  passed('closes-its-descriptors'),
  passed('a-thousand-sockets'),
  passed('huge-file'),
  { ...passed('changes-directory'), confined: failed('changes-directory', 'crashed', /at line 3: Error: Access to this API has been restricted\./, 3) },
  passed('snoops'),
  { ...passed('reads-home'), confined: failed('reads-home', 'crashed', /at line 5: Error: Access to this API has been restricted\. An exercise's program may read and write in its own folder/, 5) },
  { ...passed('writes-outside'), confined: failed('writes-outside', 'crashed', /at line 5: Error: Access to this API has been restricted\./, 5) },
  failed('file-without-end', 'crashed', /EFBIG: file too large/),
  failed('lies-on-the-pipe', 'did-not-listen', /listens on port 1,/),
  failed('daemon-at-once', 'leaked', /A process that your program started went on/),
  failed('forges-its-verdict', 'did-not-listen', /called no listen\(\)/),
  passed('opens-the-graders-inspector'),
  passed('locked-and-deep-folders'),
  { ...passed('pipes-for-the-records'), confined: failed('pipes-for-the-records', 'crashed', /Access to this API has been restricted/, 5) },
  failed('floods-its-pipe', 'leaked', /wrote more than 10000 lines to file descriptor 3/),
  failed('holds-the-clock', 'wrong-answer', /got "TIMEOUT" \(no whole answer came in time\)/),
  failed('closes-the-pipe', 'did-not-listen', /closed file descriptor 3/),
  failed('stops-itself', 'hung', /stopped itself \(SIGSTOP\)/),
  failed('waits-for-a-child', 'hung', /waits in a call that does not return/),
  failed('closes-after-an-answer', 'did-not-listen', /no longer listens/, 5),
  failed('ipv6-alone', 'did-not-listen', /for IPv6 alone/, 4),
  failed('awaits-for-ever', 'did-not-listen', /an await at its top level came to no end/),
  failed('imports-beside-itself', 'crashed', /Cannot find module '\.\/answer\.ts'.*Your file is graded alone/, 2),
  failed('type-imported-as-value', 'crashed', /'RequestListener'\. Where that is a type, say so/, 1),
  failed('common-js', 'crashed', /require is not defined/, 1),
  passed('replaces-what-is-global'),
  failed('error-that-breaks-down', 'crashed', /breaks down when it is looked at/),
  failed('enormous-error', 'crashed', /Error: xxx/),
  failed('merge-conflict', 'syntax', /^Line 3 does not parse: Merge conflict marker encountered\.$/, 3),
  failed('crashes-after-its-answer', 'crashed', /at line 5: Error: too late/, 5),
  passed('workers-in-workers'),
  failed('not-http', 'wrong-answer', /what came is not HTTP/),
  failed('marked-and-crlf', 'crashed', /at line 3: Error: with a mark/, 3),
  { program: 'stops-its-parent', verdict: 'our-fault', kind: 'our-fault', message: /was stopped by a signal, as a program can that signals its parent/ },
  { program: 'kills-its-parent', verdict: 'our-fault', kind: 'our-fault', message: /SIGKILL ended it, as a program can that signals its parent/ },
  { program: 'kills-its-group', verdict: 'our-fault', kind: 'our-fault', message: /SIGKILL ended it/ },
];
