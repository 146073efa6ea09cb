import { ClosableClock } from '../../local/closable-clock';
import { VirtualClock } from '../support/virtual-clock';

describe('a closable clock', () => {
  const world = new VirtualClock();
  const rung: string[] = [];
  const clock = new ClosableClock(world);

  it('rings like the clock that it wraps, unless it is told not to', async () => {
    clock.after(10, () => rung.push('first'));
    const cancel = clock.after(20, () => rung.push('cancelled'));
    cancel();
    cancel();
    await world.advance(20);
    expect(rung).toEqual(['first']);
    expect(clock.now()).toBe(world.now());
  });

  it('rings no more once it is closed, neither for those who wait nor for those who come', async () => {
    clock.after(10, () => rung.push('waited'));
    clock.close();
    clock.after(10, () => rung.push('came'))();
    await world.advance(20);
    expect(rung).toEqual(['first']);
  });
});
