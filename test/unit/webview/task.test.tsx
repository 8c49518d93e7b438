import { join } from 'node:path';
import { lexer } from 'marked';
import { renderToString } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/catalog.ts';
import { Markdown } from '../../../webview/steps/task.tsx';

const { labs } = await loadCatalog([join(import.meta.dirname, '../../../labs')]);
const exercises = labs.flatMap((lab) => lab.exercises);
const html = (text: string): string => renderToString(<Markdown text={text} />);

describe('a task', () => {
  it('is paragraphs and lists', () => {
    expect(html('A server\nthat is slow.\n\n**Your task:** this:\n- one thing,\n  in two lines\n- another\n\n3. third\n4. fourth')).toBe(
      '<p>A server that is slow.</p><p><strong>Your task:</strong> this:</p><ul><li>one thing, in two lines</li><li>another</li></ul><ol start="3"><li>third</li><li>fourth</li></ol>',
    );
  });

  it('has strong and stressed words, and stars in code', () => {
    expect(html('Make `a ** b` safe, as in *Crash safe*. 2 * 3 \\* 4')).toBe('<p>Make <code>a ** b</code> safe, as in <em>Crash safe</em>. 2 * 3 * 4</p>');
  });

  it('has what else an author may write: headings, links, blocks of code; and lets no HTML through', () => {
    expect(html('## Then\n\nSee [the RFC](https://example.org/rfc) and [this](other.md).\n\n```ts\na < b;\n```\n\n<b>no</b>')).toBe(
      '<p><strong>Then</strong></p><p>See <a href="https://example.org/rfc">the RFC</a> and this.</p><pre><code>a &lt; b;</code></pre><p>&lt;b>no&lt;/b></p>',
    );
    expect(html('[x](javascript:alert(1))')).toBe('<p>x</p>');
  });

  it.each(exercises.map(({ exercise, task }) => [exercise.id, task] as const))('of %s has nothing that is shown as it is written', (_, task) => {
    const tokens = lexer(task);
    expect(tokens.filter(({ type }) => type !== 'space').length).toBeGreaterThan(1);
    expect(tokens.filter(({ type }) => !['space', 'paragraph', 'list', 'code', 'heading'].includes(type))).toEqual([]);
    expect(html(task).replaceAll(/<(code|pre)>[^<]*<\/\1>/g, '')).not.toMatch(/`|\*|__|\]\(|&lt;/);
  });
});
