import type { ComponentChildren, JSX } from 'preact';

interface Props {
  readonly text: string;
  /** Draws what is not code; as it stands unless given. */
  readonly draw?: (part: string) => ComponentChildren;
}

/** A text in which `what stands between backticks` is set as code and no terms are marked, for the inside of controls and for the glossary itself. */
export function PlainProse({ text, draw = (part) => part }: Props): JSX.Element {
  return <>{text.split(/`([^`]+)`/).map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : draw(part)))}</>;
}
