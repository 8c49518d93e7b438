import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/catalog.ts';
import { blocksOf } from '../../../webview/steps/taskBlocks.ts';

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

  it.each(exercises.map(({ exercise, task }) => [exercise.id, task] as const))('of %s has nothing that the panel would show as signs', (_, task) => {
    const texts = blocksOf(task).flatMap((block) => (block.kind === 'paragraph' ? [block.text] : block.items));
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) {
      expect(text.replace(/`[^`]+`/g, '').replace(/\*\*(.+?)\*\*/g, '$1')).not.toMatch(/^(#|>|\||\* |\+ )|!\[|\]\(|<\w|`|\*\*|__/);
    }
  });
});
