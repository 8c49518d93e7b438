import { soakLab } from './labRuns.ts';

await soakLab('06-buffers');
