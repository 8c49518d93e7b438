import { testLab } from '../testLab.ts';

await testLab('09-execution-patterns');
