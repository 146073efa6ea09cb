const SLOW = require('./test/slow-tests.js');

/** For the hand on the keyboard: all that is not slow.
 *  @type {import('jest').Config} */
module.exports = { ...require('./jest.config.js'), testPathIgnorePatterns: ['/node_modules/', ...SLOW] };
