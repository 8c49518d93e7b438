import { soakLab } from './labRuns.ts';

await soakLab('05-accept-queue');
