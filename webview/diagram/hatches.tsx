import type { JSX } from 'preact';

const HATCHES = ['waiting', 'lost', 'not-permitted'] as const;

/** The hatches that the pictures refer to; to be on the page once. */
export function Hatches(): JSX.Element {
  return (
    <svg class="hatches" width="0" height="0" aria-hidden="true">
      <defs>
        <HatchPatterns />
      </defs>
    </svg>
  );
}

/** The same for the `<defs>` of a picture that stands alone. */
export function HatchPatterns(): JSX.Element {
  return (
    <>
      {HATCHES.map((name) => (
        <pattern key={name} id={`hatch-${name}`} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line class={`hatch-${name}`} x1="0" x2="0" y1="0" y2="5" />
        </pattern>
      ))}
    </>
  );
}
