import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where this system wants a program to keep what it can make again. */
export function cacheFolder(name: string): string {
  const base =
    process.platform === 'win32' ? (process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local')) : process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : (process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'));
  return join(base, 'backend-labs', name);
}
