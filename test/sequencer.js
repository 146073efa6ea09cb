const Sequencer = require('@jest/test-sequencer').default;
const SLOW = require('./slow-tests.js').map((pattern) => new RegExp(pattern));

/**
 * The slow test files in the middle: behind them enough quick ones for every worker, so that none still plays a run at the
 * end while the others are done. Before them the rest of the quick ones, which nothing disturbs: while they run, CI's
 * referees may still have their own runs to judge. Within each part jest's own order, the longest or largest first.
 */
module.exports = class SlowBetween extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const slow = sorted.filter(isSlow);
    const quick = sorted.filter((test) => !isSlow(test));
    const before = Math.ceil((2 * quick.length) / 3);
    return [...quick.slice(0, before), ...slow, ...quick.slice(before)];
  }
};

function isSlow({ path }) {
  return SLOW.some((pattern) => pattern.test(path));
}
