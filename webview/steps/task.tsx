import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Prose } from '../ui/prose.tsx';
import { blocksOf } from './taskBlocks.ts';

interface Props {
  readonly text: string;
  /** Open unless the reader has it otherwise. */
  readonly open: boolean;
}

/** What is to be done in an exercise, with the glossary's terms marked in it. */
export function Task({ text, open }: Props): JSX.Element {
  const [wanted, setWanted] = useState<boolean | null>(null);
  const shown = wanted ?? open;
  return (
    <details
      class="task"
      open={shown}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open !== shown) setWanted(currentTarget.open);
      }}
    >
      <summary>The task</summary>
      {/* What is not to be seen has no term's first occurrence. */}
      {shown && <Blocks text={text} />}
    </details>
  );
}

function Blocks({ text }: { readonly text: string }): JSX.Element {
  return (
    <>
      {blocksOf(text).map((block, index) => {
        if (block.kind === 'paragraph') {
          return (
            <p key={index}>
              <Strong text={block.text} />
            </p>
          );
        }
        const List = block.kind === 'numbered' ? 'ol' : 'ul';
        return (
          <List key={index}>
            {block.items.map((item) => (
              <li key={item}>
                <Strong text={item} />
              </li>
            ))}
          </List>
        );
      })}
    </>
  );
}

function Strong({ text }: { readonly text: string }): JSX.Element {
  const prose = (part: string, index: number): JSX.Element => <Prose key={index} text={part} />;
  return <>{text.split(/\*\*(.+?)\*\*/).map((part, index) => (index % 2 === 1 ? <strong key={index}>{prose(part, 0)}</strong> : prose(part, index)))}</>;
}
