import { createContext, type ComponentChildren, type JSX } from 'preact';
import { useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Term } from '../../src/shared/protocol.ts';
import { termFinder, type Piece } from './matchTerms.ts';
import { Occurrences } from './occurrences.ts';
import { TermTip } from './termTip.tsx';

interface Glossary {
  readonly find: (text: string) => readonly Piece[];
  readonly occurrences: Occurrences;
  /** Shows a term's definition at one of its occurrences; null lets it go, after a moment unless at once. */
  readonly show: (shown: Shown | null, at: 'once' | 'leisure') => void;
  /** An occurrence is no longer on the page. */
  readonly gone: (element: HTMLElement) => void;
}

interface Shown {
  readonly term: Term;
  readonly element: HTMLElement;
}

const GlossaryContext = createContext<Glossary | null>(null);

/** How long the pointer rests on a term before its definition comes, and how long it may be on its way to it, in ms. */
const REST_MS = 300;
const WAY_MS = 200;

/** The element that tells screen readers what a term means. */
function meaningId({ term }: Term): string {
  return `term-${term.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')}`;
}

/** In the texts below it, the first occurrence of each term is marked, and shows what it means to pointer and focus. */
export function WithGlossary({ terms, children }: { readonly terms: readonly Term[]; readonly children: ComponentChildren }): JSX.Element {
  const [shown, setShown] = useState<Shown | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const glossary = useMemo((): Glossary => {
    const show: Glossary['show'] = (next, at) => {
      clearTimeout(timer.current);
      if (at === 'once') setShown(next);
      else timer.current = setTimeout(() => setShown(next), next ? REST_MS : WAY_MS);
    };
    const gone: Glossary['gone'] = (element) => setShown((now) => (now?.element === element ? null : now));
    return { find: termFinder(terms), occurrences: new Occurrences(), show, gone };
  }, [JSON.stringify(terms)]);

  useEffect(() => {
    const keyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !shown) return;
      event.stopPropagation();
      glossary.show(null, 'once');
    };
    addEventListener('keydown', keyDown, true);
    return () => removeEventListener('keydown', keyDown, true);
  }, [shown, glossary]);

  return (
    <GlossaryContext.Provider value={glossary}>
      {children}
      <div hidden>
        {terms.map((each) => (
          <p key={each.term} id={meaningId(each)}>
            {each.means.replaceAll('`', '')}
          </p>
        ))}
      </div>
      {shown && <TermTip {...shown} onEnter={() => glossary.show(shown, 'once')} onLeave={() => glossary.show(null, 'leisure')} />}
    </GlossaryContext.Provider>
  );
}

/** A text in which terms of the glossary around it are marked; plain where there is none. */
export function WithTerms({ text }: { readonly text: string }): JSX.Element {
  const glossary = useContext(GlossaryContext);
  if (!glossary) return <>{text}</>;
  return <>{glossary.find(text).map((piece, index) => (typeof piece === 'string' ? piece : <Occurrence key={index} glossary={glossary} {...piece} />))}</>;
}

function Occurrence({ glossary, text, term }: { readonly glossary: Glossary; readonly text: string; readonly term: Term }): JSX.Element {
  const element = useRef<HTMLSpanElement>(null);
  const [first, setFirst] = useState(false);
  useLayoutEffect(() => {
    const here = element.current as HTMLSpanElement;
    const forget = glossary.occurrences.add(term.term, here, setFirst);
    return () => {
      forget();
      glossary.gone(here);
    };
  }, [glossary, term.term]);
  if (!first) return <span ref={element}>{text}</span>;
  const show = (at: 'once' | 'leisure'): void => glossary.show({ term, element: element.current as HTMLSpanElement }, at);
  return (
    <span
      ref={element}
      class="term"
      tabIndex={0}
      aria-describedby={meaningId(term)}
      onPointerEnter={() => show('leisure')}
      onPointerLeave={() => glossary.show(null, 'leisure')}
      onFocus={() => show('once')}
      onBlur={() => glossary.show(null, 'once')}
    >
      {text}
    </span>
  );
}
