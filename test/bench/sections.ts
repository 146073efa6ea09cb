import type { Bill } from './bill';
import type { BenchReport } from './report';
import { type Column, dollars, fixed, percent, table, whole } from './text-table';

/** The report as tables for people. */
export const SECTIONS: { readonly [Part in keyof BenchReport]?: (report: BenchReport[Part]) => string } = {
  pace: (rows) =>
    `Pace: makespan ÷ ideal and throttled calls, on the run's own budget (virtual clock)\n\n${paceTable(rows)}`,
  paceAtFullShare: (rows) => `The same with the whole limit as budget, for information\n\n${paceTable(rows)}`,
  naive: (rows) =>
    `The article's scheme on the same work: fetch, send, next; invoke yourself; no pace (virtual clock)\n` +
    `makespan over the same ideal: below 1 it took production's share, or lost mails\n\n` +
    table(rows, [
      { heading: 'limit/s', text: ({ limit }) => whole(limit) },
      { heading: 'chains', text: ({ chains }) => whole(chains) },
      { heading: 'on an error', text: ({ policy }) => policy },
      { heading: 'mails', text: ({ items }) => whole(items) },
      { heading: 'makespan ÷ ideal', text: ({ makespanOverIdeal }) => fixed(makespanOverIdeal, 3) },
      { heading: 'throttled', text: ({ throttledShare }) => percent(throttledShare) },
      { heading: 'lost', text: ({ lost }) => whole(lost) },
      { heading: 'duplicated', text: ({ duplicated }) => whole(duplicated) },
    ]),
  bystander: (rows) =>
    `Production on the same quota while a run is on (virtual clock)\n\n${table(rows, [
      { heading: 'production', text: ({ load }) => percent(load, 0) },
      { heading: 'beside', text: ({ beside }) => beside },
      { heading: 'mails', text: ({ attempts }) => whole(attempts) },
      { heading: 'throttled', text: ({ throttledShare }) => percent(throttledShare) },
      {
        heading: 'run: makespan ÷ ideal',
        text: ({ makespanOverIdeal }) => (makespanOverIdeal === undefined ? '–' : fixed(makespanOverIdeal, 3)),
      },
    ])}`,
  overhead: (rows) =>
    `Engine against a bare SDK loop with as many mails in flight (real time, loopback HTTP; compare ratios only)\n\n${table(
      rows,
      [
        { heading: 'endpoint ms', text: ({ endpointMilliseconds }) => whole(endpointMilliseconds) },
        { heading: 'chains × chunk', text: ({ chains, chunkItems }) => `${chains} × ${chunkItems}` },
        { heading: 'engine/s', text: ({ engineItemsPerSecond }) => whole(engineItemsPerSecond) },
        { heading: 'bare/s', text: ({ bareItemsPerSecond }) => whole(bareItemsPerSecond) },
        { heading: 'ratio', text: ({ throughputRatio }) => fixed(throughputRatio, 3) },
        { heading: 'engine CPU µs', text: ({ engineCpuMicroseconds }) => whole(engineCpuMicroseconds) },
        { heading: 'bare CPU µs', text: ({ bareCpuMicroseconds }) => whole(bareCpuMicroseconds) },
      ],
    )}`,
  cpuPerMail: (rows) =>
    `CPU of a mail, as it is done and as it was done before (real time, by turns; compare ratios only)\n\n${table(
      rows,
      [
        { heading: 'what', text: ({ what }) => what },
        { heading: 'µs', text: ({ microseconds }) => whole(microseconds) },
        { heading: 'before', text: ({ insteadMicroseconds }) => whole(insteadMicroseconds) },
        { heading: 'ratio', text: ({ ratio }) => fixed(ratio, 2) },
        { heading: 'how before', text: ({ instead }) => instead },
      ],
    )}`,
  firstMail: ({ seconds, againSeconds, repetitions }) =>
    `First mail: ${fixed(seconds, 1)} s after \`npm start\` is called, synthesis and its build included; ${fixed(againSeconds, 1)} s ` +
    `where nothing has changed since the last time (real time, medians of ${repetitions}, by turns)`,
  plannedRun: ({ items, rate, forecastSeconds, runSeconds, forecastOverRun }) =>
    `Plan and run (real time): ${items} items at ${whole(rate)}/s were planned to take ${fixed(forecastSeconds, 1)} s and took ` +
    `${fixed(runSeconds, 1)} s, a ratio of ${fixed(forecastOverRun, 3)}`,
  handoff: (cost) =>
    `Handoff (virtual clock): ${cost.handoffs} handoffs, ${fixed(cost.handoffMilliseconds, 0)} ms until the successor is accepted, ` +
    `${fixed(cost.meanLostMilliseconds, 0)} ms of sending time lost on average (longest ${fixed(cost.longestLostMilliseconds, 0)} ms): ` +
    `${percent(cost.lostShareOfDefaultLink, 3)} of a link of 720 s`,
  crashPrice: (rows) =>
    `The price of a crash of every chain at once (virtual clock): 200 mails/s\n\n${table(rows, [
      { heading: 'claimed ÷ under way', text: ({ claimFactor }) => fixed(claimFactor, 1) },
      { heading: 'chains', text: ({ chains }) => whole(chains) },
      { heading: 'under way', text: ({ underWay }) => fixed(underWay, 1) },
      { heading: 'in doubt, mean', text: ({ meanInDoubt }) => fixed(meanInDoubt, 1) },
      { heading: 'in doubt, most', text: ({ mostInDoubt }) => whole(mostInDoubt) },
      { heading: 'write units ÷ million', text: ({ writeUnitsPerMillion }) => whole(writeUnitsPerMillion) },
      { heading: '$ ÷ million', text: ({ dollarsPerMillion }) => dollars(dollarsPerMillion) },
      { heading: 'makespan ÷ ideal', text: ({ makespanOverIdeal }) => fixed(makespanOverIdeal, 3) },
    ])}`,
  memory: (cell) =>
    `Memory of one link over ${whole(cell.items)} items: heap ${fixed(cell.earlyHeapMegabytes, 1)} MB after a tenth, ` +
    `${fixed(cell.lateHeapMegabytes, 1)} MB at the end (${fixed(cell.bytesPerItem, 1)} bytes per item); ` +
    `${whole(cell.itemsPerSecond)} items/s through the link's own code`,
  objectRun: (cell) =>
    `A run over a CSV of ${whole(cell.lines)} lines into an API of ${cell.rate} calls/s (virtual clock): makespan ÷ ideal ` +
    `${fixed(cell.makespanOverIdeal, 4)} with ${cell.chains} chains and ${cell.links} links, start and proof ${fixed(cell.fixedSeconds, 1)} s; ` +
    `${whole(cell.wrong)} lines called for twice or never; memory ${fixed(cell.earlyMegabytes, 1)} MB after a tenth, ` +
    `${fixed(cell.lateMegabytes, 1)} MB at the end`,
  costPerMillion: (cost) =>
    `A million mails at ${cost.rate}/s, us-east-1, list prices of ${cost.pricesAsOf}; SES itself is ${dollars(cost.sesDollars)} more for all\n\n` +
    [cost.workerChains, ...cost.alternatives].map(billText).join('\n\n'),
  bundles: (rows) =>
    `Bundles: one file per function, loaded in a process of its own (real time)\n\n${table(rows, [
      { heading: 'function', text: ({ function: name }) => name },
      { heading: 'bytes', text: ({ bytes }) => whole(bytes) },
      { heading: 'load ms', text: ({ loadMs }) => fixed(loadMs, 0) },
    ])}`,
  targets: (rows) =>
    `What the bench is to show\n\n${rows.map(({ met, target, evidence }) => `${met ? '✓' : '✗'} ${target}\n  ${evidence}`).join('\n')}`,
};

function paceTable(rows: BenchReport['pace']): string {
  const columns: Column<BenchReport['pace'][number]>[] = [
    { heading: 'limit/s', text: ({ limit }) => whole(limit) },
    { heading: 'budget/s', text: ({ limit, share }) => fixed(limit * share, 1) },
    { heading: 'chains', text: ({ chains }) => whole(chains) },
    { heading: 'mails', text: ({ items }) => whole(items) },
    { heading: 'links', text: ({ links }) => whole(links) },
    { heading: 'chunk', text: ({ chunkItems }) => whole(chunkItems) },
    { heading: 'makespan ÷ ideal', text: ({ makespanOverIdeal }) => fixed(makespanOverIdeal, 4) },
    { heading: 'throttled', text: ({ throttledShare }) => percent(throttledShare, 3) },
    { heading: 'start + proof s', text: ({ fixedSeconds }) => fixed(fixedSeconds, 2) },
  ];
  return table(rows, columns);
}

function billText({ name, formula, lines, dollars: total }: Bill): string {
  const items = lines.map(({ price, quantity, dollars: amount }) => {
    const shown = quantity < 10 ? quantity.toFixed(4) : whole(quantity);
    return `    ${dollars(amount)}  ${price} × ${shown}`;
  });
  return [`${dollars(total)}  ${name}`, `  = ${formula}`, ...items].join('\n');
}
