import { describe, expect, it } from 'vitest';
import { patched } from '../../../src/shared/pointer.ts';

describe('patched', () => {
  it('sets fields in a copy', () => {
    const document = { server: { backlog: 4 }, connections: [{ count: 8 }] };
    expect(patched(document, { '/server/backlog': 5, '/connections/0/count': 1 })).toEqual({ server: { backlog: 5 }, connections: [{ count: 1 }] });
    expect(document.server.backlog).toBe(4);
  });
  it('adds to the number that is there', () => {
    expect(patched({ server: { backlog: 4 } }, { '/server/backlog': { add: -1 } })).toEqual({ server: { backlog: 3 } });
  });
  it('makes missing objects on the way', () => {
    expect(patched({}, { '/kernel/tcp_syncookies': 0 })).toEqual({ kernel: { tcp_syncookies: 0 } });
  });
  it('reads ~1 and ~0 as RFC 6901 says', () => {
    expect(patched({}, { '/a~1b~0c': 1 })).toEqual({ 'a/b~c': 1 });
  });
  it.each([
    ['server/backlog', 'is not a JSON pointer'],
    ['/connections/3/count', 'leads nowhere'],
    ['/server/backlog/deep', 'leads nowhere'],
    ['/__proto__/polluted', 'cannot be a field'],
  ])('refuses %s', (pointer, sentence) => {
    expect(() => patched({ server: { backlog: 4 }, connections: [] }, { [pointer]: 1 })).toThrow(sentence);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
