import { soakLab } from './labRuns.ts';

await soakLab('08-nagle');
