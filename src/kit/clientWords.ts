/** What a client gets where nobody listens. */
export const REFUSED = 'ECONNREFUSED';

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused: nothing listens there',
  ECONNRESET: 'the server broke the connection off',
  EPIPE: 'the server broke the connection off',
  END: 'the server ended the connection',
  TIMEOUT: 'no whole answer came in time',
  HPE_HEADER_OVERFLOW: 'the headers of the answer are too long',
};

/** What a client's error code says, for who does not know it; undefined for any other text. */
export function clientWords(code: string): string | undefined {
  return WORDS[code] ?? (code.startsWith('HPE_') ? 'what came is not HTTP' : undefined);
}

/** Whether this is what clients see of a server that does not listen, or does so no longer. */
export function isRejection(code: string | null): boolean {
  return code === REFUSED || code === 'ECONNRESET';
}
