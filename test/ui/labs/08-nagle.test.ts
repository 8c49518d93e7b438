import { testLab } from '../testLab.ts';

await testLab('08-nagle');
