import { testLab } from '../testLab.ts';

await testLab('01-kernel-process-thread');
