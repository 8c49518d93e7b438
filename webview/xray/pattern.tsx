import type { JSX } from 'preact';
import { PATTERNS, type Recognition } from '../../src/shared/xray/view.ts';

/** What shows the pattern, and what else was recognised. */
export function Pattern({ recognition }: { readonly recognition: Recognition }): JSX.Element {
  return (
    <div class="evidence">
      <ul aria-label="Evidence">
        {recognition.evidence.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {recognition.also.map(({ pattern, evidence }) => (
        <p key={pattern}>
          <strong>Also: {PATTERNS[pattern]}.</strong> {evidence.join(' ')}
        </p>
      ))}
    </div>
  );
}
