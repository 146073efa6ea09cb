import { ses } from '../../../functions/contract/provider';
import type { Source } from '../../../functions/contract/source';
import { defineJob, type JobDefinition } from '../../../functions/jobs/define-job';
import { idRange } from '../../../functions/sources/id-range';

const definition: JobDefinition<string> = {
  name: 'weekly-digest',
  source: idRange(),
  load: async () => new Map<number, string>(),
  process: () => undefined,
};

/** A source that brings the data itself. */
const rows: Source = { ...idRange(), load: async () => [] };
const inChunks = { process: undefined, processChunk: () => [], providers: { api: { rate: 1 } } };

describe('defineJob', () => {
  test('takes a job without `load` whose source brings the data', () => {
    const { load: _, ...rest } = definition;

    expect(defineJob({ ...rest, source: rows })).not.toHaveProperty('load');
    expect(defineJob({ ...definition, source: rows })).toHaveProperty('load', definition.load);
  });

  test('fills in what the author leaves out', () => {
    expect(defineJob(definition)).toEqual({
      ...definition,
      providers: { mail: ses() },
      tolerate: { unprocessed: 0.05 },
      delivery: 'at-most-once',
    });
  });

  test('keeps what the author says', () => {
    const said = { tolerate: { unprocessed: 0 }, delivery: 'at-least-once', itemSeconds: 4 } as const;
    const job = defineJob({ ...definition, ...said });

    expect(job).toMatchObject(said);
    expect(Object.isFrozen(job) && Object.isFrozen(job.tolerate)).toBe(true);
  });

  const name = 'Expected `name` to be lower-case words joined by hyphens, at most 64 characters, got';
  test.each([
    [{ name: 'Weekly Digest' }, `${name} "Weekly Digest".`],
    [{ name: '' }, `${name} "".`],
    [{ name: 'weekly--digest' }, `${name} "weekly--digest".`],
    [{ name: 'x'.repeat(65) }, `${name} "${'x'.repeat(65)}".`],
    [{ name: undefined }, `${name} undefined.`],
    [{ source: { ...idRange(), read: undefined } as unknown as Source }, '`source` to be a source such as idRange()'],
    [{ source: null as unknown as Source }, 'Expected `source` to be a source such as idRange(), got null.'],
    [{ load: undefined }, 'Expected `load` to be a function, as the source brings no data itself, got undefined.'],
    [
      { load: undefined, source: { ...idRange(), load: 'rows' } },
      'as the source brings no data itself, got undefined.',
    ],
    [{ load: 'rows', source: rows }, 'Expected `load` to be a function, or to be left out, got "rows".'],
    [{ load: null, source: rows }, 'Expected `load` to be a function, or to be left out, got null.'],
    [{ canary: 0.01 }, 'Expected `canary` to be an object such as { share: 0.01 }, got 0.01.'],
    [
      { canary: { share: 0 } },
      'Expected `canary.share` to be above 0 and at most 0.5, the part of the items that goes first, got 0.',
    ],
    [{ canary: { share: 0.6 } }, 'the part of the items that goes first, got 0.6.'],
    [{ canary: { share: Number.NaN } }, 'the part of the items that goes first, got NaN.'],
    [{ canary: {} }, 'the part of the items that goes first, got undefined.'],
    [
      { canary: { share: 0.01, feedbackSeconds: -1 } },
      'Expected `canary.feedbackSeconds` to be a whole number from 0 to 86400, got -1.',
    ],
    [
      { canary: { share: 0.01, feedback: 60 } },
      'Expected `canary` to have only the fields share, feedbackSeconds, got "feedback".',
    ],
    [{ process: 'send' }, 'Expected `process` to be a function, got "send".'],
    [{ tolerate: { unprocessed: 3 } }, 'Expected `tolerate.unprocessed` to be a number from 0 to 1, got 3.'],
    [{ tolerate: { unprocessed: -0.1 } }, 'Expected `tolerate.unprocessed` to be a number from 0 to 1, got -0.1.'],
    [{ tolerate: { unprocessed: Number.NaN } }, 'Expected `tolerate.unprocessed` to be a number from 0 to 1, got NaN.'],
    [{ tolerate: {} }, 'Expected `tolerate.unprocessed` to be a number from 0 to 1, got undefined.'],
    [{ tolerate: null }, 'Expected `tolerate.unprocessed` to be a number from 0 to 1, got undefined.'],
    [{ delivery: 'exactly-once' }, 'Expected `delivery` to be one of at-most-once, at-least-once, got "exactly-once".'],
    [{ itemSeconds: 0 }, 'Expected `itemSeconds` to be a number of seconds above 0, at most 20, got 0.'],
    [{ itemSeconds: 21 }, 'Expected `itemSeconds` to be a number of seconds above 0, at most 20, got 21.'],
    [{ itemSeconds: '4' }, 'Expected `itemSeconds` to be a number of seconds above 0, at most 20, got "4".'],
    [{ itemSeconds: Number.NaN }, 'Expected `itemSeconds` to be a number of seconds above 0, at most 20, got NaN.'],
    [{ processChunk: () => [] }, 'Expected `process` or `processChunk`, not both, got "both".'],
    [{ mail: [] }, 'Expected `mail` to be an object such as { feedback: { bounces: 0.05 } }, got [].'],
    [{ mail: { feedbak: {} } }, 'Expected `mail` to have only the fields feedback, sameAddress, got "feedbak".'],
    [{ mail: { sameAddress: 'once' } }, 'Expected `mail.sameAddress` to be one of send, skip, got "once".'],
    [{ mail: { feedback: 0.05 } }, 'Expected `mail.feedback` to be an object such as { bounces: 0.05 }, got 0.05.'],
    [{ mail: { feedback: { bounce: 1 } } }, 'the fields bounces, complaints, leastMails, action, got "bounce".'],
    [{ mail: { feedback: { bounces: 0 } } }, '`mail.feedback.bounces` to be a share above 0, at most 1, got 0.'],
    [
      { mail: { feedback: { complaints: 1.1 } } },
      '`mail.feedback.complaints` to be a share above 0, at most 1, got 1.1.',
    ],
    [
      { mail: { feedback: { bounces: Number.NaN } } },
      '`mail.feedback.bounces` to be a share above 0, at most 1, got NaN.',
    ],
    [
      { mail: { feedback: { leastMails: 0.5 } } },
      '`mail.feedback.leastMails` to be a whole number of at least 1, got 0.5.',
    ],
    [{ mail: { feedback: { action: 'halt' } } }, '`mail.feedback.action` to be one of stop, pause, got "halt".'],
    [{ warmUp: 200 }, 'Expected `warmUp` to be an object such as { firstDay: 200 }, got 200.'],
    [{ warmUp: [200] }, 'Expected `warmUp` to be an object such as { firstDay: 200 }, got [200].'],
    [{ warmUp: null }, 'Expected `warmUp` to be an object such as { firstDay: 200 }, got null.'],
    [{ warmUp: { firstDay: 9, days: 3 } }, 'Expected `warmUp` to have only the fields firstDay, growth, got "days".'],
    [{ warmUp: {} }, '`warmUp.firstDay` to be a whole number of mails of at least 1, got undefined.'],
    [{ warmUp: { firstDay: 0 } }, '`warmUp.firstDay` to be a whole number of mails of at least 1, got 0.'],
    [{ warmUp: { firstDay: 1.5 } }, '`warmUp.firstDay` to be a whole number of mails of at least 1, got 1.5.'],
    [{ warmUp: { firstDay: 9, growth: 1 } }, '`warmUp.growth` to be a number above 1, by which each day'],
    [{ warmUp: { firstDay: 9, growth: Number.POSITIVE_INFINITY } }, '`warmUp.growth` to be a number above 1'],
    [{ warmUp: { firstDay: 9, growth: '2' } }, '`warmUp.growth` to be a number above 1'],
    [
      { warmUp: { firstDay: 9 }, providers: { crm: { rate: 5 } } },
      'Expected `warmUp` only of a job with ses() among its `providers`, got ["crm"].',
    ],
    [{ chunkItems: 5 }, 'Expected no `chunkItems` beside `process`, which has one item, got 5.'],
    [
      { ...inChunks, providers: undefined },
      'the first of `providers` to be one that `processChunk` calls, got "ses()".',
    ],
    [{ ...inChunks, processChunk: 7 }, 'Expected `processChunk` to be a function, got 7.'],
    [{ ...inChunks, chunkItems: 101 }, 'Expected `chunkItems` to be a whole number from 1 to 100, got 101.'],
    [{ ...inChunks, chunkItems: 0 }, 'Expected `chunkItems` to be a whole number from 1 to 100, got 0.'],
    [
      { tolerat: {} },
      'only the fields name, source, load, providers, process, processChunk, chunkItems, tolerate, delivery, itemSeconds, mail, audit, canary, sendWindow, warmUp, got "tolerat".',
    ],
  ])('refuses %j in one sentence', (change, sentence) => {
    expect(() => defineJob({ ...definition, ...(change as object) })).toThrow(sentence);
  });
});
