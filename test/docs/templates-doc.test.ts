import { compiled, removeDirectories } from '../cli/templates/mail-directory';
import { readDocument } from './documents';

afterAll(removeDirectories);

const FILE = /`mails\/bill\/(\S+)`[^\n]*\n\n```\w+\n([\s\S]*?)^```$/gm;

test('the files of docs/templates.md are a mail, in two languages', async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const { text } = readDocument('docs/templates.md');
  const files = Object.fromEntries([...text.matchAll(FILE)].map(([, name, code]) => [name, code] as [string, string]));
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
