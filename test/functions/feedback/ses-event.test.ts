import { sesFeedbackOf } from '../../../functions/feedback/ses-event';
import { bounceEvent, complaintEvent, delayEvent, rejectEvent, sendEvent } from './ses-events';

const PLACE = { runId: 'run-1', id: 7, chainId: 0, chunk: 1, index: 6, messageId: 'message-of-7' };
const MAILED_AT = Date.parse('2026-01-05T08:10:00Z');

describe('what an event of SES says', () => {
  it('is that a mail was accepted', () => {
    expect(sesFeedbackOf(sendEvent())).toMatchObject({
      event: { ...PLACE, kind: 'accepted', at: MAILED_AT },
      mailedAt: MAILED_AT,
      suppressed: [],
      isJudged: false,
    });
  });

  it.each([
    ['a hard bounce', bounceEvent(), 'bounced', 'Permanent General 5.1.1', ['user.7@example.org'], true],
    [
      'one that SES made up',
      bounceEvent({ subType: 'OnAccountSuppressionList' }),
      'bounced',
      'Permanent OnAccountSuppressionList 5.1.1',
      ['user.7@example.org'],
      false,
    ],
    [
      'one of an address that bounces everywhere',
      bounceEvent({ subType: 'Suppressed' }),
      'bounced',
      'Permanent Suppressed 5.1.1',
      ['user.7@example.org'],
      true,
    ],
    [
      'a full mailbox',
      bounceEvent({ type: 'Transient', subType: 'MailboxFull' }),
      'soft-bounced',
      'Transient MailboxFull 5.1.1',
      [],
      false,
    ],
    [
      'one that nobody understands',
      bounceEvent({ type: 'Undetermined', subType: 'Undetermined' }),
      'soft-bounced',
      'Undetermined Undetermined 5.1.1',
      [],
      false,
    ],
    ['a complaint', complaintEvent(), 'complained', 'abuse', ['user.7@example.org'], true],
    [
      'one that SES made up',
      complaintEvent({ subType: 'OnAccountSuppressionList' }),
      'complained',
      'abuse OnAccountSuppressionList',
      ['user.7@example.org'],
      false,
    ],
    ['a virus', rejectEvent(), 'rejected', 'Bad content', [], false],
    ['a delay', delayEvent(), 'delayed', 'MailboxFull', [], false],
  ])('is %s', (_, json, kind, detail, suppressed, isJudged) => {
    expect(sesFeedbackOf(json)).toMatchObject({ event: { ...PLACE, kind, detail }, suppressed, isJudged });
  });

  it('is about the address that the mail went to, whatever address bounced behind it', () => {
    const json = bounceEvent({ to: 'Zoe <Zoe@example.org>', about: 'forwarded@elsewhere.example' });
    expect(sesFeedbackOf(json)).toMatchObject({ suppressed: ['Zoe@example.org'] });
  });

  it('is nothing where the mail is called no spam', () => {
    expect(sesFeedbackOf(complaintEvent({ type: 'not-spam' }))).toEqual({
      because: 'it says that the mail is no spam',
    });
  });

  it('holds no address of anybody in its words', () => {
    const json = rejectEvent().replace('Bad content', 'Bad content for zoe@example.org');
    expect(JSON.stringify(sesFeedbackOf(json))).not.toContain('zoe@example.org');
  });

  it.each([
    ['', 'it is no event of SES'],
    ['{', 'it is no event of SES'],
    ['null', 'it is no event of SES'],
    ['[]', 'it is no event of SES'],
    [sendEvent().replace('aws.ses', 'aws.s3'), 'it is no event of SES'],
    [sendEvent().replace('"messageId"', '"other"'), 'it does not say about which mail it is'],
    [sendEvent().replaceAll('2026-01-05T08:10:00.000Z', 'yesterday'), 'it does not say about which mail it is'],
    [sendEvent().replace('"place"', '"other"'), 'its mail has no tags of a run'],
    [sendEvent().replace('"Send"', '"Open"'), 'events of the kind Open are not asked for'],
    [sendEvent().replace('"Send"', '"toString"'), 'events of the kind toString are not asked for'],
    [bounceEvent().replace('"bounceType":"Permanent"', '"bounceType":1'), 'its `bounce` is malformed'],
    [bounceEvent().replace('"bounce":', '"other":'), 'its `bounce` is malformed'],
    [complaintEvent().replace('T09:00:00.000Z', ' at noon'), 'its `complaint` is malformed'],
  ])('is nothing, and why: %#', (json, because) => {
    expect(sesFeedbackOf(json)).toEqual({ because });
  });
});
