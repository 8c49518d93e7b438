export type TaskBlock = { readonly kind: 'paragraph'; readonly text: string } | { readonly kind: 'list' | 'numbered'; readonly items: readonly string[] };

const ITEM = /^(-|\d+\.) +/;

/** The paragraphs and lists of a task: the Markdown that an exercise's README.md is made of. A line that begins no item goes on with what is before it. */
export function blocksOf(text: string): readonly TaskBlock[] {
  return text.split(/\n\s*\n/).flatMap((part) => {
    const pieces: { kind: TaskBlock['kind']; text: string }[] = [];
    for (const line of part.split('\n').map((each) => each.trim()).filter((each) => each !== '')) {
      const [marker = '', sign] = ITEM.exec(line) ?? [];
      const last = pieces.at(-1);
      if (sign === undefined && last) last.text += ` ${line}`;
      else pieces.push({ kind: sign === undefined ? 'paragraph' : sign === '-' ? 'list' : 'numbered', text: line.slice(marker.length) });
    }
    return joined(pieces);
  });
}

/** A text with what stands between stars apart: **strong**, *em*; in `code` stars are stars. */
export function starsOf(text: string): readonly { readonly stress: 'strong' | 'em' | null; readonly text: string }[] {
  return [...text.matchAll(/\*\*(.+?)\*\*|\*([^*\s][^*]*)\*|(?:`[^`]*`|[^*`]|[*`])/g)].reduce<{ stress: 'strong' | 'em' | null; text: string }[]>((pieces, [plain, strong, em]) => {
    const stress = strong !== undefined ? 'strong' : em !== undefined ? 'em' : null;
    const last = pieces.at(-1);
    if (stress === null && last?.stress === null) last.text += plain;
    else pieces.push({ stress, text: strong ?? em ?? plain });
    return pieces;
  }, []);
}

/** Items that follow each other are one list. */
function joined(pieces: readonly { readonly kind: TaskBlock['kind']; readonly text: string }[]): TaskBlock[] {
  const blocks: TaskBlock[] = [];
  for (const { kind, text } of pieces) {
    const last = blocks.at(-1);
    if (kind === 'paragraph') blocks.push({ kind, text });
    else if (last?.kind === kind) blocks[blocks.length - 1] = { kind, items: [...last.items, text] };
    else blocks.push({ kind, items: [text] });
  }
  return blocks;
}
