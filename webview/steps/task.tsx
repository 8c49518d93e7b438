import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Prose } from '../ui/prose.tsx';
import { blocksOf, starsOf } from './taskBlocks.ts';

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
              <Stressed text={block.text} />
            </p>
          );
        }
        const List = block.kind === 'numbered' ? 'ol' : 'ul';
        return (
          <List key={index}>
            {block.items.map((item) => (
              <li key={item}>
                <Stressed text={item} />
              </li>
            ))}
          </List>
        );
      })}
    </>
  );
}

/** What stands between stars, strong or stressed. */
function Stressed({ text }: { readonly text: string }): JSX.Element {
  return (
    <>
      {starsOf(text).map(({ stress: Stress, text: part }, index) =>
        Stress === null ? (
          <Prose key={index} text={part} />
        ) : (
          <Stress key={index}>
            <Prose text={part} />
          </Stress>
        ),
      )}
    </>
  );
}
