import { testLab } from '../testLab.ts';

await testLab('04-many-threads');
