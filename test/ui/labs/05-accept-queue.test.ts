import { testLab } from '../testLab.ts';

await testLab('05-accept-queue');
