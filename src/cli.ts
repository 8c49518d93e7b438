import { join } from 'node:path';
import { main } from './cli/main.ts';

// Built to dist/cli.cjs: the labs and the runner lie beside it.
void main(process.argv.slice(2), join(__dirname, '..', 'labs')).then((code) => {
  process.exitCode = code;
});
