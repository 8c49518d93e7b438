import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configuration, Program, readable, scratch, user, type Binary } from './program.ts';

/** NGINX with three workers; `option` is what `listen` gets besides its address. */
export function startNginx(binary: Binary, option: string): Promise<Program> {
  const { program, libraries } = readable(binary);
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${scratch}/nginx-${name};`).join(' ');
  return Program.start((port) => {
    const text = `daemon off; worker_processes 3; pid ${scratch}/nginx.pid; error_log stderr;
      events { worker_connections 64; }
      http { access_log off; ${folders} server { listen 127.0.0.1:${port} ${option}; } }`;
    return [program, '-p', scratch, '-c', configuration(`nginx-${port}.conf`, text)];
  }, libraries);
}

/** Apache httpd with one of its multi-processing modules, and what is set for it. */
export function startApache(binary: Binary, module: 'prefork' | 'event', settings: string): Promise<Program> {
  const { root, program, libraries } = readable(binary);
  return Program.start((port) => {
    const text = `ServerRoot ${scratch}
      ServerName localhost
      LoadModule mpm_${module}_module ${join(root, 'usr/lib/apache2/modules')}/mod_mpm_${module}.so
      Listen 127.0.0.1:${port}
      PidFile ${scratch}/apache-${port}.pid
      Mutex file:${scratch} default
      ErrorLog ${scratch}/apache-${port}.log
      DocumentRoot ${scratch}
      ${settings}`;
    return [program, '-f', configuration(`apache-${port}.conf`, text), '-DFOREGROUND'];
  }, libraries);
}

/** PostgreSQL on a database of its own. */
export function startPostgres(binary: Binary): Promise<Program> {
  const { program, libraries } = readable(binary);
  const data = join(scratch, 'postgres');
  const ids = user ? { uid: user.uid, gid: user.gid } : {};
  execFileSync(join(dirname(program), 'initdb'), ['-D', data, '-A', 'trust', '-U', 'test', '--no-sync', '--no-locale'], { stdio: 'pipe', cwd: scratch, env: { PATH: process.env.PATH, LD_LIBRARY_PATH: libraries.join(':') }, ...ids });
  return Program.start((port) => [program, '-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', '', '-c', 'fsync=off'], libraries);
}

/** Redis, whose backup takes as long as the test needs: 2 ms a key. */
export function startRedis(binary: Binary): Promise<Program> {
  const { program, libraries } = readable(binary);
  const folder = join(scratch, 'redis');
  mkdirSync(folder);
  return Program.start((port) => [program, configuration('redis.conf', `port ${port}\nbind 127.0.0.1\ndir ${folder}\nsave ""\nrdb-key-save-delay 2000\n`)], libraries);
}

/** A program for Node, with the port as its argument. */
export function startNode(name: string, source: string): Promise<Program> {
  const file = configuration(`${name}.cjs`, source);
  return Program.start((port) => [process.execPath, file, String(port)]);
}
