// Adds up what the suites of a test run said.

/**
 * The result of a suite after the rules: one that ran no test failed, and so did a skip that `allowed` (test/skips.json) does
 * not name with a reason. Returns it with `problems`, sentences to print.
 * @param {string} suite
 * @param {{ passed: number, failed: number, skipped: string[] }} result
 * @param {{ suite: string, test: string, reason: string }[]} allowed
 */
export function judged(suite, { passed, failed, skipped }, allowed) {
  const isNamed = (name) => allowed.some((skip) => skip.suite === suite && skip.test === name && skip.reason.trim() !== '');
  const unnamed = skipped.filter((name) => !isNamed(name));
  const problems = unnamed.map((name) => `"${name}" was skipped, and test/skips.json gives no reason for it.`);
  const empty = passed + failed + skipped.length === 0;
  if (empty) problems.push('No test ran.');
  return { passed, failed: failed + unnamed.length + (empty ? 1 : 0), skipped: skipped.length - unnamed.length, problems };
}

/** The last line of a test run. */
export function total(results) {
  const sum = (key) => results.reduce((all, result) => all + result[key], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`;
}
