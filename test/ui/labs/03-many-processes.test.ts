import { testLab } from '../testLab.ts';

await testLab('03-many-processes');
