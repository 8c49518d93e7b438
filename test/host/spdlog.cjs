// Stands in for the native @vscode/spdlog, which has no prebuilt binary: the log files of the server and of its extension
// host, one line an entry, without rotation.
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];

class Logger {
  constructor(file) {
    this.file = file;
    this.level = LEVELS.indexOf('info');
    this.bare = false;
    LEVELS.forEach((name, level) => {
      this[name] = (text) => this.write(name, level, text);
    });
  }
  write(name, level, text) {
    if (level < this.level) return;
    appendFileSync(this.file, this.bare ? text : `${new Date().toISOString()} [${name}] ${text}\n`);
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  clearFormatters() {
    this.bare = true;
  }
  setPattern() {}
  flush() {}
  drop() {}
}

exports.setFlushOn = () => {};
exports.createAsyncRotatingLogger = async (_name, file) => {
  mkdirSync(dirname(file), { recursive: true });
  return new Logger(file);
};
