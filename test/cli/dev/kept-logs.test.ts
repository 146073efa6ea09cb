import { KeptLogs } from '../../../cli/dev/kept-logs';

describe('the logs that dev keeps', () => {
  it('are the lines of each invocation in their order', () => {
    const logs = new KeptLogs();
    for (const [request, line] of [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ] as const)
      logs.take(request, line);
    logs.take(undefined, 'of nobody');
    expect([logs.of('a'), logs.of('b'), logs.of('c')]).toEqual([['1', '3'], ['2'], []]);
  });

  it('are the last lines of an invocation that writes without end, each cut', () => {
    const logs = new KeptLogs();
    for (let line = 0; line < 1000; line++) logs.take('a', `${line} ${'x'.repeat(9000)}`);
    expect(logs.of('a')).toHaveLength(200);
    expect(logs.of('a').at(-1)).toMatch(/^999 x+ …$/);
    expect(logs.of('a')[0]).toHaveLength(2002);
  });

  it('are those of the latest invocations', () => {
    const logs = new KeptLogs();
    for (let request = 0; request <= 2000; request++) logs.take(String(request), 'line');
    expect([logs.of('0'), logs.of('1')]).toEqual([[], ['line']]);
  });
});
