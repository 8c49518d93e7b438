import { testLab } from '../testLab.ts';

await testLab('02-one-process-one-thread');
