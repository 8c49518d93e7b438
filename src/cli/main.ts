import { parseArgs } from 'node:util';
import { HumanError, messageOf } from '../shared/errors.ts';
import { Stopped, type CommandContext, type CommandResult } from './command.ts';
import { gradeCommand } from './grade.ts';
import { listCommand } from './list.ts';
import { splitOutputs } from './outputs.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { simulateCommand } from './simulate.ts';
import { validateCommand } from './validate.ts';
import { xrayCommand } from './xray.ts';

const HELP = `backend-labs: guided labs on backend execution patterns, without the editor

  backend-labs list                         the labs and their exercises
  backend-labs simulate FILE                what a scenario comes to (FILE may be - for standard input)
  backend-labs run LAB [--set NAME=VALUE]   runs a lab for real on this machine, beside its prediction
  backend-labs grade LAB/EXERCISE [FILE]    grades a solution; without FILE, the one in ./backend-labs
  backend-labs grade --all [DIR]            grades every exercise that has a file in DIR/backend-labs
  backend-labs report RESULTS…              one table of many learners' results; a RESULT is a file of grade --all --json, or a folder of them
  backend-labs xray PID|:PORT|NAME          a server's processes, threads, memory, sockets and queues, and its pattern
  backend-labs validate                     checks every lab: its files, its links, starters, solutions, known-wrong ones

  --json            prints one JSON object
  --json FILE.json  grade --all: writes it to a file
  --junit FILE      grade --all: writes JUnit XML
  --learner NAME    grade --all: whose exercises they are
  --html [FILE]     report: as an HTML page
  --csv [FILE]      report: as CSV
  --labs DIR        a further folder of labs (repeatable)
  --set NAME=VALUE  run: a slider's value (repeatable)
  --repeat N        run: N times, and how often each comparison agreed
  --watch           xray: look again every second until Ctrl+C
  --static          validate: reads the files, grades nothing
  --fresh           validate: grades also what was graded before and has not changed since
  --cache DIR       validate: keeps there what it graded

Exit code: 0, 1 (did not pass), 2 (could not run, or could not decide; a sentence says why), 130 (stopped by Ctrl+C).
`;

const COMMANDS: Readonly<Record<string, (context: CommandContext) => Promise<CommandResult>>> = {
  list: listCommand,
  simulate: simulateCommand,
  run: runCommand,
  grade: gradeCommand,
  report: reportCommand,
  xray: xrayCommand,
  validate: validateCommand,
};

/** Runs one command line. `builtInLabs` is the folder of the labs that come with the program. Returns the exit code. */
export async function main(args: readonly string[], builtInLabs: string): Promise<number> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Stopped(name)));
  try {
    const { rest: options, outputs } = splitOutputs(args);
    const { values, positionals } = parse(options);
    const [name, ...rest] = positionals;
    if (values.help || name === undefined || name === 'help') {
      await write(process.stdout, HELP);
      return name === undefined && !values.help ? 2 : 0;
    }
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw new HumanError(`There is no command "${name}": it is one of ${Object.keys(COMMANDS).join(', ')}.`);
    refuseOutputs(name, outputs);
    const result = await command({
      positionals: rest,
      labDirs: [builtInLabs, ...(values.labs ?? [])],
      set: Object.fromEntries((values.set ?? []).map(assignment)),
      repeat: wholeNumber(values.repeat ?? '1', '--repeat'),
      static: values.static ?? false,
      cache: values.cache ?? null,
      fresh: values.fresh ?? false,
      all: values.all ?? false,
      watch: values.watch ?? false,
      learner: values.learner === '' ? null : (values.learner ?? null),
      outputs,
      signal: stop.signal,
      progress: (message) => {
        if (process.stderr.isTTY) process.stderr.write(`${message}\n`);
      },
      print: (text) => write(process.stdout, text),
    });
    await write(process.stdout, outputs.json === '-' ? `${JSON.stringify(result.json)}\n` : result.text);
    return result.code;
  } catch (caught) {
    const reason: unknown = stop.signal.reason;
    // What breaks off because it was stopped is no fault.
    const error = reason instanceof Stopped && !(caught instanceof HumanError) ? reason : caught;
    await write(process.stderr, `${sentence(error)}\n`);
    return reason instanceof Stopped ? reason.code : 2;
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        all: { type: 'boolean' },
        cache: { type: 'string' },
        fresh: { type: 'boolean' },
        learner: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        labs: { type: 'string', multiple: true },
        set: { type: 'string', multiple: true },
        repeat: { type: 'string' },
        static: { type: 'boolean' },
        watch: { type: 'boolean' },
      },
    });
  } catch (error) {
    // Node adds how to pass a file of that name, in further sentences; nobody means that here.
    const [said = ''] = messageOf(error).split(/\.\s|\n/);
    throw new HumanError(`${said.replace(/\.$/, '')}. "backend-labs help" lists what there is.`);
  }
}

const OUTPUTS_OF: Readonly<Record<string, readonly string[]>> = { grade: ['json', 'junit'], report: ['json', 'html', 'csv'] };

/** A form of the result that a command does not have would else be left out in silence. */
function refuseOutputs(name: string, outputs: CommandContext['outputs']): void {
  const has = OUTPUTS_OF[name] ?? ['json'];
  const unknown = Object.entries(outputs).find(([form, file]) => file !== null && !has.includes(form));
  if (unknown) throw new HumanError(`${name} has no --${unknown[0]}. "backend-labs help" lists what there is.`);
}

function assignment(text: string): [string, number] {
  const [name = '', value = ''] = text.split('=', 2);
  if (!name || value === '' || !Number.isFinite(Number(value))) throw new HumanError(`--set takes NAME=NUMBER (found "${text}").`);
  return [name, Number(value)];
}

function wholeNumber(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1000) throw new HumanError(`${option} must be a whole number from 1 to 1000 (found "${text}").`);
  return value;
}

/** One sentence for a person; the stack only where it is a bug. */
function sentence(error: unknown): string {
  if (error instanceof HumanError) return error.message;
  return `This is a fault of Backend Labs itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => stream.write(text, () => resolve()));
}
