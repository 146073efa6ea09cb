import PostalMime from 'postal-mime';
import { parseSender } from '../../../functions/email/address';
import { oneLine } from '../../../functions/email/header-text';
import { composeMime } from '../../../functions/email/mime';
import { AWKWARD_FORMS, awkwardMail, NAMES_BY_SCRIPT, readableFilename } from '../../support/awkward-texts';
import { shapeOf } from '../../support/header-shape';

const SENDER = parseSender('Weekly Digest <digest@example.com>');

describe.each(Object.entries(NAMES_BY_SCRIPT))('%s', (_script, name) => {
  test.each(Object.entries(AWKWARD_FORMS))('a reader decodes every header as it was meant: %s', async (_form, form) => {
    const text = form(name);
    const mail = awkwardMail(text);
    const raw = Buffer.from((await composeMime(mail, SENDER, 0)).raw).toString('latin1');

    shapeOf(raw);
    const read = await PostalMime.parse(raw);

    expect(read.subject).toBe(oneLine(text));
    expect(read.from).toEqual({ name: oneLine(text), address: 'digest@example.com' });
    expect(read.to).toEqual([{ name: oneLine(text), address: 'user@example.org' }]);
    expect(read.attachments).toHaveLength(1);
    const filename = mail.attachments?.[0]?.filename ?? '';
    expect(read.attachments[0]?.filename).toBe(readableFilename(oneLine(filename)));
    expect(Buffer.from(read.attachments[0]?.content as ArrayBuffer).toString()).toBe(Buffer.from(text).toString());
  });
});
