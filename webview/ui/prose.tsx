import type { JSX } from 'preact';
import { WithTerms } from '../glossary/glossary.tsx';
import { PlainProse } from './plainProse.tsx';

/** A text in which `what stands between backticks` is set as code, and terms of the lab's glossary are marked. */
export function Prose({ text }: { readonly text: string }): JSX.Element {
  return <PlainProse text={text} draw={(part) => <WithTerms text={part} />} />;
}
