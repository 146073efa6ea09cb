import { compiled, useDirectories } from '../cli/templates/mail-directory';
import { mailFiles } from '../package/author-files';

useDirectories();

test('the files of docs/templates.md are a mail, in two languages', async () => {
  const files = Object.fromEntries(
    Object.entries(mailFiles()).map(([path, text]) => [path.replace('mails/bill/', ''), text]),
  );
  expect(Object.keys(files)).toEqual(['mail.json', 'subject.hbs', 'html.hbs', 'words.json', 'de/words.json']);
  const bill = await compiled(files);
  const given = { name: 'Zoë', number: 7, lines: [{ what: 'Tea', price: '3.00' }], payUrl: 'https://example.com/7' };
  expect(bill.render('de-AT', given)).toMatchObject({
    subject: 'Ihre Rechnung 7',
    language: 'de',
    text: 'Ihre Rechnung 7\n\nGuten Tag, Zoë,\n\n- Tea: 3.00\n\nJetzt bezahlen <https://example.com/7>\n',
  });
  expect(bill.render('fr', { ...given, name: null }).html).toContain('<p>Hello,</p>');
});
