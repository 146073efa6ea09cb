import {
  hasUnsubscribed,
  InvalidRecipient,
  type Recipient,
  readRecipient,
  UnreadableRow,
} from '../../../examples/weekly-digest/recipient';

const ROW: Recipient = {
  id: 7,
  email: 'zoe.7@example.com',
  name: 'Zoë Groß',
  locale: 'de',
  unsubscribeToken: 'abc123',
  week: { startsOn: '2026-11-16', visits: 1, newFollowers: 2, messages: 0, highlights: [{ title: 'Harz', views: 3 }] },
};

function complaintAbout(row: unknown): string {
  try {
    readRecipient(row);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidRecipient);
    expect(error).toMatchObject({ name: 'Recipient.Invalid' });
    return (error as Error).message;
  }
  return 'none';
}

describe('a row of the recipients table', () => {
  test.each([
    [{}],
    [{ name: '' }],
    [{ locale: '' }],
    [{ unsubscribed: false }],
    [{ week: { ...ROW.week, highlights: [] } }],
  ])('with %j is a recipient', (change) => {
    expect(readRecipient({ ...ROW, ...change })).toEqual({ ...ROW, ...change });
  });

  test('may have columns of somebody else', () => {
    expect(readRecipient({ ...ROW, plan: 'gold' })).toEqual(ROW);
  });

  const week = (change: object) => ({ week: { ...ROW.week, ...change } });
  const highlight = (change: object) => week({ highlights: [{ title: 'Harz', views: 3, ...change }] });
  test.each([
    [{ email: undefined }, '`email` of a recipient to be text, got nothing'],
    [{ email: null }, '`email` of a recipient to be text, got null'],
    [{ email: '' }, '`email` of a recipient to be text that says something, got empty text'],
    [{ email: 'undefined@example.com' }, '`email` of a recipient to be an address that was complete'],
    [{ name: undefined }, '`name` of a recipient to be text, got nothing'],
    [{ name: 7 }, '`name` of a recipient to be text, got the number 7'],
    [{ name: ['Zoë'] }, '`name` of a recipient to be text, got a list'],
    [{ locale: undefined }, '`locale` of a recipient to be text, got nothing'],
    [{ unsubscribed: 'false' }, '`unsubscribed` of a recipient to be true or false, or to be left out, got other text'],
    [{ unsubscribed: null }, '`unsubscribed` of a recipient to be true or false, or to be left out, got null'],
    [{ unsubscribeToken: undefined }, '`unsubscribeToken` of a recipient to be text, got nothing'],
    [{ unsubscribeToken: '' }, '`unsubscribeToken` of a recipient to be text that says something, got empty text'],
    [{ unsubscribeToken: ' \n' }, '`unsubscribeToken` of a recipient to be text that says something, got empty text'],
    [{ unsubscribeToken: 'undefined' }, '`unsubscribeToken` of a recipient to be text that says something, got other'],
    [{ unsubscribeToken: 'null' }, '`unsubscribeToken` of a recipient to be text that says something, got other'],
    [{ unsubscribeToken: '[object Object]' }, '`unsubscribeToken` of a recipient to be text that says something'],
    [{ unsubscribeToken: 'x'.repeat(257) }, '`unsubscribeToken` of a recipient to be text of at most 256 characters'],
    [{ week: undefined }, '`week` of a recipient to be a map, got nothing'],
    [{ week: [] }, '`week` of a recipient to be a map, got a list'],
    [week({ startsOn: 'Monday' }), '`week.startsOn` of a recipient to be a date like 2026-11-16, got other text of 6'],
    [week({ startsOn: '2026-02-30' }), '`week.startsOn` of a recipient to be a date like 2026-11-16'],
    [week({ visits: Number.NaN }), '`week.visits` of a recipient to be a whole number from 0, got the number NaN'],
    [week({ visits: '5' }), '`week.visits` of a recipient to be a whole number from 0, got other text of 1 characters'],
    [week({ newFollowers: -1 }), '`week.newFollowers` of a recipient to be a whole number from 0, got the number -1'],
    [week({ messages: 1.5 }), '`week.messages` of a recipient to be a whole number from 0, got the number 1.5'],
    [week({ messages: 2n ** 60n }), '`week.messages` of a recipient to be a whole number from 0, got the bigint'],
    [week({ highlights: new Set(['a']) }), '`week.highlights` of a recipient to be a list, got a map or a set'],
    [highlight({ title: null }), '`week.highlights.0.title` of a recipient to be text, got null'],
    [highlight({ title: 'undefined' }), '`week.highlights.0.title` of a recipient to be text that says something'],
    [
      highlight({ views: undefined }),
      '`week.highlights.0.views` of a recipient to be a whole number from 0, got nothing',
    ],
  ])('with %p is none, and the column is named', (change, complaint) => {
    expect(complaintAbout({ ...ROW, ...change })).toContain(`Expected column ${complaint}`);
  });

  test.each([[undefined], [null], ['row'], [[]]])('that is %j is none', (row) => {
    expect(complaintAbout(row)).toMatch(/^Expected the row of a recipient to be a map, got .*: correct the row\.$/);
  });

  test('that could not be read says why', () => {
    expect(complaintAbout(new UnreadableRow('Expected a row that can be read.'))).toBe(
      'Expected a row that can be read.',
    );
  });

  test('is told of without what is in it', () => {
    const complaint = complaintAbout({ ...ROW, unsubscribed: 'zoe.7@example.com abc123' });

    expect(complaint).not.toContain('zoe');
    expect(complaint).not.toContain('abc123');
  });

  test.each([
    [{ unsubscribed: true }, true],
    [{ ...ROW, unsubscribed: true }, true],
    [ROW, false],
    [{ unsubscribed: 'true' }, false],
    [undefined, false],
    [null, false],
  ])('%j has unsubscribed: %s', (row, unsubscribed) => {
    expect(hasUnsubscribed(row)).toBe(unsubscribed);
  });
});
