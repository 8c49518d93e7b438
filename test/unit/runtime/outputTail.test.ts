import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutputTail } from '../../../src/runtime/outputTail.ts';

describe('the end of an output', () => {
  it('is all of it while it is short', () => {
    const tail = new OutputTail(10);
    tail.add(Buffer.from('abc'));
    tail.add(Buffer.from('def'));
    expect(tail.text()).toBe('abcdef');
  });

  it('is the last bytes, and says how many are left out, whatever the chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 40 })), fc.integer({ min: 1, max: 50 }), (chunks, limit) => {
        const tail = new OutputTail(limit);
        for (const chunk of chunks) tail.add(Buffer.from(chunk));
        const all = chunks.join('');
        const left = all.length - limit;
        expect(tail.totalBytes).toBe(all.length);
        expect(tail.text()).toBe(left > 0 ? `[the first ${left} bytes are left out]\n${all.slice(left)}` : all);
      }),
    );
  });
});
