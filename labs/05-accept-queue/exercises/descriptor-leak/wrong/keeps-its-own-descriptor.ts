import { closeSync, createReadStream, openSync, readSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// A record shop's server. The catalogue is one file, LINES lines of LINE_BYTES bytes; the song is another, 16 MiB long.
//
//   GET /record/7   200 and line 7 of the catalogue; 404 where there is no such line
//   GET /song       200 and the whole song; a client may hang up in the middle of it
//
// Each answer is right. But a day after each start the server fails with EMFILE, “too many open files”, for everybody.
const LINES = 1000;
const LINE_BYTES = 32;
const SONG_BYTES = 16 * 1024 * 1024;
const CATALOGUE = join(tmpdir(), 'catalogue.txt');
const SONG = join(tmpdir(), 'song.raw');

const lines = Array.from({ length: LINES }, (_, i) => `record ${i}`.padEnd(LINE_BYTES - 1) + '\n');
writeFileSync(CATALOGUE, lines.join(''));
writeFileSync(SONG, '');
truncateSync(SONG, SONG_BYTES);

// ▼ Your work starts here: who closes what is opened?

/** One line. */
function readRecord(number: number): string {
  const file = openSync(CATALOGUE, 'r');
  try {
    const line = Buffer.alloc(LINE_BYTES);
    const length = readSync(file, line, 0, LINE_BYTES, number * LINE_BYTES);
    if (length === 0) throw new RangeError(`there is no record ${number}`);
    return line.toString('utf8').trimEnd();
  } finally {
    closeSync(file);
  }
}

/** Song. */
function sendSong(response: ServerResponse): void {
  pipeline(createReadStream(SONG, { fd: openSync(SONG, 'r'), autoClose: false }), response, () => {});
}

const server = createServer((request, response) => {
  const [, what, number] = (request.url ?? '').split('/');
  if (what === 'song') return sendSong(response);
  try {
    response.end(readRecord(Number(number)));
  } catch (error) {
    response.writeHead(error instanceof RangeError ? 404 : 500).end();
  }
});

server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
