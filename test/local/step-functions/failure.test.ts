import { callAt } from '../../../local/step-functions/call-at';
import { matches } from '../../../local/step-functions/failure';
import { VirtualClock } from '../../support/virtual-clock';

describe('ErrorEquals', () => {
  const beat = { error: 'States.HeartbeatTimeout', missedHeartbeat: true };
  it.each<[string, Parameters<typeof matches>[1], boolean]>([
    ['Boom', { error: 'Boom' }, true],
    ['Boom', { error: 'Bang' }, false],
    ['States.ALL', { error: 'Boom' }, true],
    ['States.ALL', {}, true],
    ['States.ALL', { error: 'States.Timeout' }, true],
    ['States.ALL', { error: 'States.DataLimitExceeded' }, false],
    ['States.ALL', { error: 'States.Runtime' }, false],
    ['States.Runtime', { error: 'States.Runtime' }, false],
    ['States.DataLimitExceeded', { error: 'States.DataLimitExceeded' }, true],
    ['States.TaskFailed', { error: 'Boom' }, true],
    ['States.TaskFailed', {}, true],
    ['States.TaskFailed', { error: 'States.Timeout' }, false],
    ['States.TaskFailed', { error: 'States.DataLimitExceeded' }, false],
    ['States.TaskFailed', beat, false],
    ['States.Timeout', { error: 'States.Timeout' }, true],
    ['States.HeartbeatTimeout', { error: 'States.Timeout' }, false],
    ['States.Timeout', beat, true],
    ['States.HeartbeatTimeout', beat, true],
    ['States.HeartbeatTimeout', { error: 'States.Timeout', missedHeartbeat: true }, true],
  ])('[%s] and %j: %p', (name, failure, expected) => {
    expect(matches([name], failure)).toBe(expected);
    expect(matches(['Unrelated', name], failure)).toBe(expected);
  });
});

describe('an alarm', () => {
  it('rings on time however far away it is, with no timer longer than a real one can be', async () => {
    const year = 365 * 24 * 3600 * 1000;
    const clock = new VirtualClock({ start: 0 });
    const after = clock.after.bind(clock);
    jest.spyOn(clock, 'after').mockImplementation((milliseconds, callback) => {
      expect(milliseconds).toBeLessThan(2 ** 31);
      return after(milliseconds, callback);
    });
    let rang = 0;
    callAt(clock, year, () => {
      rang = clock.now();
    });
    const cancel = callAt(clock, year - 1, () => {
      rang = -1;
    });
    await clock.advance(year / 2);
    cancel();
    await clock.advance(year / 2 - 1);
    expect(rang).toBe(0);
    await clock.advance(1);
    expect(rang).toBe(year);
  });
});
