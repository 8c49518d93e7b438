import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { missingOptional } from '../../scripts/complete-lock.mjs';

const entry = (optionalDependencies: Record<string, string>) => ({ version: '1.0.0', dev: true, optionalDependencies });

describe('package-lock.json', () => {
  it.each(['../../../package-lock.json', '../../host/package-lock.json'])('lists every optional package, or `npm ci` refuses it: %s', (file) => {
    expect(missingOptional(JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')))).toEqual([]);
  });

  it('is completed with what a name says of its platform', () => {
    const lock = { packages: { '': {}, 'node_modules/tool': entry({ '@tool/linux-x64-musl': '1.2.3', '@tool/win32-arm64-msvc': '1.2.3' }) } };
    expect(missingOptional(lock)).toEqual([
      ['node_modules/@tool/linux-x64-musl', { version: '1.2.3', cpu: ['x64'], libc: ['musl'], os: ['linux'], dev: true, license: 'MIT', optional: true }],
      ['node_modules/@tool/win32-arm64-msvc', { version: '1.2.3', cpu: ['arm64'], os: ['win32'], dev: true, license: 'MIT', optional: true }],
    ]);
  });

  it('needs nothing that is listed beside or above who asks for it', () => {
    const packages = { '': {}, 'node_modules/a': entry({ x: '1' }), 'node_modules/a/node_modules/x': {}, 'node_modules/b/node_modules/c': entry({ y: '1' }), 'node_modules/y': {} };
    expect(missingOptional({ packages })).toEqual([]);
  });
});
