import { check } from 'backend-labs/kit';

/** Of two threads, one sleeps although it was woken, or the wake-up came before it looked: by what the source does about it. */
function hintForStranded(source: string): string {
  const code = source.replaceAll(/\/\/.*$/gm, '');
  if (/Atomics\.wait\([^;]*Atomics\.load/.test(code)) return 'look-and-sleep';
  return /Atomics\.notify\([^}]*Atomics\.(store|add|sub|exchange)\(/.test(code) ? 'change-then-notify' : 'one-at-a-time';
}

export default [
  check('two-threads', async (t) => {
    t.step('Let two threads take the lock once each, in one interleaving after another');
    await t.explore({ program: 'two', preemptions: 3, mustSleep: true, hints: { overlap: 'one-at-a-time', busy: 'sleep', 'never-woken': 'wake-somebody', 'lost-wake-up': 'look-and-sleep', stranded: hintForStranded(t.source), endless: 'sleep', hung: 'sleep', threw: 'no-throw' } });
  }),

  check('woken-for-nothing', async (t) => {
    t.step('Let a third thread notify the lock’s cells for no reason');
    await t.explore({ program: 'visited', hints: { overlap: 'look-again', 'never-woken': 'wake-somebody', 'lost-wake-up': 'look-and-sleep', stranded: 'look-again', endless: 'sleep', threw: 'no-throw' } });
  }, { needs: ['two-threads'] }),

  check('three-threads', async (t) => {
    t.step('Let three threads take the lock once each, in one interleaving after another');
    await t.explore({ program: 'three', mustSleep: true, hints: { overlap: 'one-at-a-time', busy: 'sleep', 'never-woken': 'wake-somebody', 'lost-wake-up': 'look-and-sleep', stranded: 'wake-enough', endless: 'sleep', threw: 'no-throw' } });
  }, { needs: ['woken-for-nothing'] }),

  check('owner', async (t) => {
    t.step('Let B call unlock() without holding the lock, before, while and after A holds it');
    await t.explore({ program: 'stranger', hints: { overlap: 'one-at-a-time', 'never-woken': 'wake-somebody', stranded: 'wake-somebody' } });
  }, { needs: ['three-threads'] }),

  check('re-entry', async (t) => {
    t.step('Let A call lock() once more while it holds the lock');
    await t.explore({ program: 'nested', hints: { overlap: 'no-re-entry', 'never-woken': 'no-re-entry', 'lost-wake-up': 'no-re-entry', stranded: 'no-re-entry' } });
  }, { needs: ['three-threads'] }),

  check('fair', async (t) => {
    t.step('Let two threads take the lock twice each, and look who gets in first');
    await t.explore({ program: 'again', fair: true, hints: { overtaken: 'first-come', overlap: 'one-at-a-time', 'never-woken': 'wake-somebody', 'lost-wake-up': 'look-and-sleep', stranded: 'wake-enough' } });
  }, { needs: ['three-threads'] }),

  check('stress', async (t) => {
    t.step('Let four threads take the lock 1000 times each, as fast as they go');
    await t.runThreads({ program: 'four', rounds: 1000, hint: 'one-at-a-time' });
  }, { needs: ['three-threads'] }),
];
