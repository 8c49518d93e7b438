import { describe, expect, it } from 'vitest';
import { panelHtml } from '../../../src/vscode/panel/panelHtml.ts';

const html = panelHtml({ cspSource: 'https://ours.example', script: 'https://ours.example/main.js', style: 'https://ours.example/main.css', title: 'Queues <&> "more"', nonce: 'abc' });
const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';

describe('the page of a panel', () => {
  it('allows one script, by its nonce, and nothing to connect to', () => {
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'nonce-abc'");
    expect(policy).not.toMatch(/script-src[^;]*(unsafe|https|\*)|connect-src|unsafe-eval/);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('<script nonce="abc" src="https://ours.example/main.js">');
  });

  it('escapes what it is given', () => {
    expect(html).toContain('<title>Queues &lt;&amp;&gt; &quot;more&quot;</title>');
  });

  it('has a place for the page', () => {
    expect(html).toContain('<div id="root"></div>');
  });
});
