import { pauseAfter } from '../../page/client/polling';
import { failedRun, runInProgress } from './fixture';

const running = runInProgress().view();
const ended = failedRun().view();

it.each([
  ['a run that is on', running, false, 700],
  ['one that has ended', ended, false, 2000],
  ['one in a tab that nobody looks at', running, true, 2000],
  ['one on AWS', { ...running, freshMilliseconds: 3000 }, false, 3000],
  ['one on AWS that throttles', { ...running, freshMilliseconds: 48_000 }, false, 48_000],
  ['one on AWS in a tab that nobody looks at', { ...running, freshMilliseconds: 3000 }, true, 60_000],
])('the page asks for %s again after some milliseconds', (_, run, isHidden, milliseconds) => {
  expect(pauseAfter(run, isHidden)).toBe(milliseconds);
});
