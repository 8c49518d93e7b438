import { check } from 'backend-labs/kit';

const HINTS = { endless: 'ends', hung: 'ends', threw: 'ends', 'never-woken': 'ends' };

export default [
  check('add', async (t) => {
    t.step('Let two threads add 1 twice each, in every interleaving');
    await t.explore({ program: 'adding', preemptions: null, hints: HINTS });
  }),

  check('take', async (t) => {
    t.step('Let one thread take until nothing is left');
    await t.explore({ program: 'alone', hints: HINTS });
    t.step('Let two threads take 3 and 4 of 10, in every interleaving');
    await t.explore({ program: 'plenty', preemptions: 4, hints: HINTS });
    t.step('Let two threads take 7 of 10 each, in every interleaving');
    await t.explore({ program: 'last', preemptions: 4, hints: HINTS });
  }),

  check('refuse', async (t) => {
    t.step('Let one thread ask for 20 of 10 while another takes 5');
    await t.explore({ program: 'refusing', preemptions: 4, hints: HINTS });
  }, { needs: ['take'] }),

  check('stress', async (t) => {
    t.step('Let one thread add three times and another take, in every interleaving');
    await t.explore({ program: 'both', preemptions: 5, hints: HINTS });
    t.step('Let two threads add 200,000 times each, as fast as they go');
    await t.runThreads({ program: 'adding', rounds: 100_000, hint: 'one-step' });
  }, { needs: ['add', 'take'] }),
];
