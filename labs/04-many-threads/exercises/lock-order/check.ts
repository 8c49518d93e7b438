import { check } from 'backend-labs/kit';

export default [
  check('alone', async (t) => {
    t.step('Let one thread transfer, also what is not there');
    await t.explore({ program: 'alone', hints: { deadlock: 'always-unlock', endless: 'no-loop', hung: 'no-loop', threw: 'enough-or-false' } });
    t.step('Let one thread transfer from an account to itself');
    await t.explore({ program: 'itself', hints: { deadlock: 'same-account', threw: 'same-account' } });
  }),

  check('two-threads', async (t) => {
    t.step('Let two threads transfer from account 0 to account 1, in one interleaving after another');
    await t.explore({ program: 'same', hints: { deadlock: 'always-unlock' } });
    t.step('Let them transfer from two accounts into one');
    await t.explore({ program: 'into', hints: { deadlock: 'always-unlock' } });
    t.step('Let two threads want 70 each of an account that holds 100');
    await t.explore({ program: 'scarce', hints: { deadlock: 'always-unlock' } });
    t.step('Let an audit lock both accounts, in your order, and add up meanwhile');
    await t.explore({ program: 'audited', preemptions: 3, hints: { deadlock: 'one-order' } });
  }, { needs: ['alone'] }),

  check('no-deadlock', async (t) => {
    t.step('Let one thread transfer from 0 to 1 and another from 1 to 0');
    await t.explore({ program: 'opposite', hints: { deadlock: 'one-order', endless: 'no-loop' } });
    t.step('Let three threads transfer in a ring: 0 to 1, 1 to 2, 2 to 0');
    await t.explore({ program: 'ring', hints: { deadlock: 'one-order', endless: 'no-loop' } });
  }, { needs: ['two-threads'] }),

  check('apart', async (t) => {
    t.step('Hold the locks of accounts 0 and 3, and transfer from 1 to 2');
    await t.explore({ program: 'apart', hints: { deadlock: 'only-its-own' } });
  }, { needs: ['two-threads'] }),

  check('stress', async (t) => {
    t.step('Let four threads make 2000 transfers each, as fast as they go');
    await t.runThreads({ program: 'busy', rounds: 1000, hint: 'one-order' });
  }, { needs: ['no-deadlock'] }),
];
