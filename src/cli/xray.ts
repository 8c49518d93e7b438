import { setTimeout as wait } from 'node:timers/promises';
import { Xray } from '../labs/xray.ts';
import { HumanError } from '../shared/errors.ts';
import type { XraySnapshot } from '../shared/xray/view.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { xrayText } from './xrayText.ts';

const WATCH_MS = 1000;

/** `xray PID|:PORT|NAME`: one look at a server; with --watch one each second until the process ends or the user stops. */
export async function xrayCommand(context: CommandContext): Promise<CommandResult> {
  const [asked] = context.positionals;
  if (asked === undefined || context.positionals.length > 1) throw new HumanError('xray takes one process: backend-labs xray PID, :PORT or NAME.');
  const xray = await Xray.of(asked, Date.now);
  const first = await xray.take();
  if (first.state === 'ended') throw new HumanError(`The process of ${asked} has ended.`);
  return context.watch ? watch(xray, first, context) : { code: 0, json: first, text: xrayText(first) };
}

/** Prints each sample as it comes: as text, or as one JSON object a line. */
async function watch(xray: Xray, first: XraySnapshot, { signal, outputs, print }: CommandContext): Promise<CommandResult> {
  const asJson = outputs.json !== null;
  let snapshot = first;
  while (!signal.aborted && snapshot.state !== 'ended') {
    await print(asJson ? `${JSON.stringify(snapshot)}\n` : `${xrayText(snapshot)}\n`);
    await wait(WATCH_MS, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) snapshot = await xray.take();
  }
  return { code: 0, json: { asked: snapshot.asked, state: snapshot.state }, text: snapshot.state === 'ended' ? 'The process has ended.\n' : '' };
}
