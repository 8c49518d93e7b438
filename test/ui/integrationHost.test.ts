import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runIntegration } from '../scripts/integrationSuite.mjs';

const fixture = (name: string) => ({ folder: fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url)) });

describe('integration tests inside VS Code', () => {
  it('that fail are counted, and say what was expected; a skipped one is named', async () => {
    const { output, ...counts } = await runIntegration(fixture('integration-fails'));
    expect(counts).toEqual({ passed: 1, failed: 1, skipped: ['a suite is skipped once'] });
    expect(output).toContain('what was seen');
    expect(output).toContain('what was expected');
  });

  it('fail when the extension host is killed, which VS Code reports as success', async () => {
    const { output, ...counts } = await runIntegration(fixture('integration-dies'));
    expect(counts).toEqual({ passed: 0, failed: 1, skipped: [] });
    expect(output).toContain('The extension host ended before the tests did.');
  });
});
