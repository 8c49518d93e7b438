import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/catalog.ts';
import { blocksOf, starsOf } from '../../../webview/steps/taskBlocks.ts';

const { labs } = await loadCatalog([join(import.meta.dirname, '../../../labs')]);
const exercises = labs.flatMap((lab) => lab.exercises);

describe('a task', () => {
  it('is paragraphs and lists', () => {
    expect(blocksOf('A server\nthat is slow.\n\n**Your task:** this:\n- one thing,\n  in two lines\n- another\n\n1. first\n2. second')).toEqual([
      { kind: 'paragraph', text: 'A server that is slow.' },
      { kind: 'paragraph', text: '**Your task:** this:' },
      { kind: 'list', items: ['one thing, in two lines', 'another'] },
      { kind: 'numbered', items: ['first', 'second'] },
    ]);
  });

  it('has strong and stressed words, and stars in code', () => {
    expect(starsOf('**Your task:** make `a ** b` safe, as in *Crash safe*. 2 * 3')).toEqual([
      { stress: 'strong', text: 'Your task:' },
      { stress: null, text: ' make `a ** b` safe, as in ' },
      { stress: 'em', text: 'Crash safe' },
      { stress: null, text: '. 2 * 3' },
    ]);
  });

  it.each(exercises.map(({ exercise, task }) => [exercise.id, task] as const))('of %s has nothing that the panel would show as signs', (_, task) => {
    const texts = blocksOf(task).flatMap((block) => (block.kind === 'paragraph' ? [block.text] : block.items));
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) {
      const plain = starsOf(text).map((piece) => piece.text).join('').replace(/`[^`]+`/g, '');
      expect(plain).not.toMatch(/^(#|>|\||\+ )|!\[|\]\(|<\w|`|\*|__/);
    }
  });
});
