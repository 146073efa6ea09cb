import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { synthesize } from '../../../local/template/local-template';
import { called } from '../called';
import { PROJECT } from '../dev/started';
import { directoryOf, removeDirectories } from '../templates/mail-directory';

afterAll(removeDirectories);

/** Of 500: the only one whose data lack something. */
const LACKING = 321;

/** The files of an author: an app, a job and the templates of its mail. */
const FILES = {
  'cdk.json': JSON.stringify({ app: `TSX_TSCONFIG_PATH=${join(PROJECT, 'tsconfig.json')} node --import tsx app.ts` }),
  'app.ts': `import { App, Stack } from 'aws-cdk-lib';
    import { Schedule } from 'aws-cdk-lib/aws-events';
    import { WorkerChains } from '${join(PROJECT, 'cdk/worker-chains')}';
    const app = new App();
    new WorkerChains(new Stack(app, 'Bills'), 'Chains', {
      job: 'job.ts',
      ids: { first: 1, last: 500 },
      schedule: Schedule.cron({ weekDay: 'MON', hour: '6', minute: '0' }),
      mail: { sender: 'bills@example.com' },
    });
    app.synth();`,
  'job.ts': `import { defineJob, idRange, mailTemplate } from 'worker-chains';
    import compiled from './bill.compiled';
    const bill = mailTemplate(compiled);
    const customer = (id: number) => ({
      locale: id % 2 === 0 ? 'de-AT' : 'en-GB',
      lines: [{ what: 'Tea', price: '3.00' }, { what: 'Cake', ...(id !== ${LACKING} && { price: '4.50' }) }],
    });
    export default defineJob({
      name: 'bills',
      source: idRange(),
      load: async (ids) => new Map(ids.map((id) => [id, customer(id as number)])),
      process: ({ locale, lines }, { id, send }) =>
        send({
          to: \`customer.\${id}@example.com\`,
          unsubscribeUrl: 'https://example.com/off',
          // As data come from outside: nobody has looked at their type.
          ...bill.render(locale, { number: id, lines } as never),
        }),
      tolerate: { unprocessed: 0 },
    });`,
  'bill/mail.json': '{ "language": "en" }',
  'bill/subject.hbs': '{{words.bill}}',
  'bill/html.hbs': '<h1>{{words.bill}}</h1>\n<ul>\n{{#each lines}}\n<li>{{what}}: {{price}}</li>\n{{/each}}\n</ul>\n',
  'bill/words.json': '{ "bill": "Your bill {{number}}" }',
  'bill/de/words.json': '{ "bill": "Ihre Rechnung {{number}}" }',
};

const directory = directoryOf(FILES);

/** Of the assembly that is synthesized once for all three calls. */
const environment: Record<string, string> = {};

const call = (...args: readonly string[]) => called(args, { directory, environment });

it('a variable that one recipient in 500 lacks is found by plan, before anything is sent', async () => {
  symlinkSync(join(PROJECT, 'node_modules'), join(directory, 'node_modules'));
  expect(await call('templates', 'bill')).toEqual({ code: 0, stdout: 'bill.compiled.ts: de, en\n', stderr: '' });
  environment.CDK_APP = await synthesize(join(directory, 'cdk.out'), {}, { directory });

  const { code, stdout, stderr } = await call('plan', '--all');

  expect([code, stderr]).toEqual([3, '']);
  expect(stdout).toContain('500, all of them looked at');
  expect(stdout).toContain('499 done, 0 skipped, 1 would fail');
  expect(stdout).toContain(`Template.MissingVariable 1, such as ${LACKING}\n`);
  expect(stdout).toContain('Expected text or a number as `lines[1].price` for html.hbs:4, got nothing');
  expect(stdout).toMatch(/^No:\n {2}- 1 of 500 items would fail, most with Template\.MissingVariable, such as 321/m);

  const { stdout: one } = await call('preview', '--item', String(LACKING), '--no-open');
  expect(one).toContain(`Item ${LACKING} would get no mail: it would fail with Template.MissingVariable: Expected`);
  const { stdout: other } = await call('plan', '--all', '--json', '--input', '{"ids": [320]}');
  const { look, forecast } = JSON.parse(other);
  expect([look.errors, forecast.objections]).toEqual([[], []]);
});
