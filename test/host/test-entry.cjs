// Runs in the extension host where the real tests would: sends what they print to code.mjs over a socket (the workbench's
// log would be mixed into it otherwise), runs them, and leaves a mark when they have passed.
const { Console } = require('node:console');
const { writeFileSync } = require('node:fs');
const { connect } = require('node:net');

exports.run = async () => {
  const { BACKEND_LABS_TEST_OUTPUT, BACKEND_LABS_TEST_ENTRY, BACKEND_LABS_TEST_PASSED } = process.env;
  const output = connect(BACKEND_LABS_TEST_OUTPUT);
  process.stdout.write = output.write.bind(output);
  process.stderr.write = output.write.bind(output);
  globalThis.console = new Console(output, output);
  try {
    await require(BACKEND_LABS_TEST_ENTRY).run();
    writeFileSync(BACKEND_LABS_TEST_PASSED, '');
  } catch (error) {
    console.error(error);
    throw error;
  } finally {
    await new Promise((resolve) => output.end(resolve));
  }
};
