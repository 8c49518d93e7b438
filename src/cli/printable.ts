/** Text that a learner's file or program made: it must not steer the terminal, and only breaks lines where `lines` allows it. */
export function printable(text: string, { lines = false } = {}): string {
  // eslint-disable-next-line no-control-regex -- these are what steers it; U+202A to U+202E and U+2066 to U+2069 turn its order
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (char) => (lines && (char === '\n' || char === '\t') ? char : '\ufffd'));
}
