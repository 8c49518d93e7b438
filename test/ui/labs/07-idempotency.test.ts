import { testLab } from '../testLab.ts';

await testLab('07-idempotency');
