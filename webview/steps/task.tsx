import { lexer, type MarkedToken, type Token } from 'marked';
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Prose } from '../ui/prose.tsx';

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
      {shown && <Markdown text={text} />}
    </details>
  );
}

/** The Markdown of an exercise's README.md. HTML in it is shown as it is written. */
export function Markdown({ text }: { readonly text: string }): JSX.Element {
  return <>{drawn(lexer(text))}</>;
}

function drawn(tokens: readonly Token[] = []): ComponentChildren {
  return tokens.map((token, index) => <Piece key={index} token={token as MarkedToken} />);
}

function Piece({ token }: { readonly token: MarkedToken }): JSX.Element | null {
  switch (token.type) {
    case 'paragraph':
      return <p>{drawn(token.tokens)}</p>;
    case 'heading':
      return (
        <p>
          <strong>{drawn(token.tokens)}</strong>
        </p>
      );
    case 'list': {
      const items = token.items.map((item, index) => <li key={index}>{drawn(item.tokens)}</li>);
      return token.ordered ? <ol start={token.start || 1}>{items}</ol> : <ul>{items}</ul>;
    }
    case 'strong':
      return <strong>{drawn(token.tokens)}</strong>;
    case 'em':
      return <em>{drawn(token.tokens)}</em>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'code':
      return (
        <pre>
          <code>{token.text}</code>
        </pre>
      );
    case 'link':
      // What is beside the README is not to be had from the panel.
      return /^https?:/.test(token.href) ? <a href={token.href}>{drawn(token.tokens)}</a> : <>{drawn(token.tokens)}</>;
    case 'br':
      return <br />;
    case 'space':
      return null;
    case 'text':
      return token.tokens ? <>{drawn(token.tokens)}</> : <Words text={token.text} />;
    case 'escape':
      return <Words text={token.text} />;
    default:
      return <Words text={token.raw} />;
  }
}

/** A line's end is a space. */
function Words({ text }: { readonly text: string }): JSX.Element {
  return <Prose text={text.replaceAll('\n', ' ')} />;
}
