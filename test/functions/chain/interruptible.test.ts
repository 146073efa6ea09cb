import { Interruptible } from '../../../functions/chain/interruptible';

const never = () => new Promise<never>(() => {});

describe('a wait that may be interrupted', () => {
  it('settles as the operation does', async () => {
    const waits = new Interruptible();

    await expect(waits.wait(Promise.resolve('data'))).resolves.toBe('data');
    await expect(waits.wait(Promise.reject(new Error('no table')))).rejects.toThrow('no table');
  });

  it('ends with undefined when interrupted, before it began or after', async () => {
    const waits = new Interruptible();
    const begun = [waits.wait(never()), waits.wait(never())];
    waits.interrupt();

    expect(await Promise.all([...begun, waits.wait(never())])).toEqual([undefined, undefined, undefined]);
  });

  it('loses the failure of an operation that nobody waits for any more', async () => {
    const waits = new Interruptible();
    let fail = (_error: Error) => {};
    const wait = waits.wait(new Promise((_resolve, reject) => (fail = reject)));
    waits.interrupt();
    fail(new Error('too late'));

    await expect(wait).resolves.toBeUndefined();
  });
});
