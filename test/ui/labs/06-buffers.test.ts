import { testLab } from '../testLab.ts';

await testLab('06-buffers');
