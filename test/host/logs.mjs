// What VS Code wrote down, for a test that failed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TELLING = /remoteexthost\.log$|Backend Labs\.log$/;

/** What VS Code says of itself at every start. */
const NOISE = /\[info\] (ExtensionService|Lock|Eager)|scoped configuration/;

/** The logs of the extension host and of our own output channel, the last 60 telling lines of each. */
export function readLogs(data) {
  const folder = join(data, 'logs');
  if (!existsSync(folder)) return '';
  return readdirSync(folder, { recursive: true })
    .filter((name) => TELLING.test(name))
    .map((name) => `--- ${name}\n${lastLines(readFileSync(join(folder, name), 'utf8'), 60)}`)
    .join('\n');
}

const lastLines = (text, count) => text.trimEnd().split('\n').filter((line) => !NOISE.test(line)).slice(-count).join('\n');
