import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { ItemId } from '../../functions/contract/payloads';
import { itemTag } from '../../functions/email/trace-tags';
import { Ledger } from '../../functions/ledger/ledger';
import { recipientKeyOf } from '../../functions/ledger/recipients';
import { documentClientOver } from '../../local/dynamodb/document-client';
import { aRun, LEDGER_TABLE, memoryTable } from '../functions/chain/fixture';
import { FastClock } from '../functions/email/fast-clock';
import { readDocument } from './documents';

const directory = mkdtempSync(join(tmpdir(), 'worker-chains-erase-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** In place of the AWS CLI: notes how it is called, a JSON array a line, and answers a scan with what is in the file `rows`. */
const AWS = `#!/usr/bin/env node
const { appendFileSync, readFileSync } = require('node:fs');
appendFileSync('${directory}/calls', JSON.stringify(process.argv.slice(2)) + '\\n');
if (process.argv[3] === 'scan') process.stdout.write(readFileSync('${directory}/rows', 'utf8'));
`;

/** The commands of the runbook that erase a person, for this id, which is JSON. */
function recipeFor(id: string): string {
  const { text } = readDocument('docs/operations.md');
  const [, section = ''] = text.split('\n## Personal data\n');
  const [, block = ''] = /^```sh\n(ID=[\s\S]*?)^```$/m.exec(section) ?? [];
  return block.replace(/^ID=.*$/m, `ID='${id}'`);
}

/** Runs the recipe, where a scan answers these keys. */
function called(id: string, rows: readonly object[]): readonly (readonly string[])[] {
  writeFileSync(join(directory, 'aws'), AWS, { mode: 0o755 });
  writeFileSync(join(directory, 'calls'), '');
  writeFileSync(join(directory, 'rows'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const env = { ...process.env, PATH: `${directory}:${process.env.PATH}`, LEDGER: LEDGER_TABLE };
  execFileSync('sh', ['-eu', '-c', recipeFor(id)], { env });
  return readFileSync(join(directory, 'calls'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function option(call: readonly string[], name: string): string {
  return call[call.indexOf(name) + 1] as string;
}

type Wire = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

function plain(values: Wire): Record<string, unknown> {
  const entries = Object.entries(values).map(([name, { S, N }]) => [name, N === undefined ? S : Number(N)]);
  return Object.fromEntries(entries);
}

/** A ledger in which all that knows of an item knows of each of these. */
async function ledgerWith(ids: readonly ItemId[]) {
  const client = documentClientOver(memoryTable());
  const options = { client: client as never, tableName: LEDGER_TABLE, clock: new FastClock(), random: () => 0.5 };
  const ledger = new Ledger(options);
  const run = aRun();
  await ledger.createRun(run);
  await ledger.createChains(run);
  const { runId, expiresAt } = run;
  for (const [index, id] of ids.entries()) {
    const place = { runId, chainId: 0, chunk: 1, index };
    const record = { ...place, id, link: 0, at: 0, expiresAt };
    await ledger.recordItem({ ...record, outcome: 'unprocessed', code: 'MessageRejected', message: 'No.' });
    await ledger.auditItem({ ...record, outcome: 'done', messageIds: ['m-1'] });
    await ledger.feedback.note({ ...record, itemTag: itemTag(id), messageId: 'm-1', kind: 'bounced' });
    await ledger.postponed.write({ runId, chainId: 0, expiresAt }, [{ id, due: 1, chunk: 1, index }]);
    const key = recipientKeyOf(`reader.${index}@example.com`);
    await ledger.addresses.take({ root: runId, key, owner: itemTag(id), mark: 'm' }, expiresAt);
    await ledger.recipients.suppress(key, 'bounced', 1);
  }
  return async (call: readonly string[]) => {
    const { Items = [] } = await client.send(
      new ScanCommand({
        TableName: option(call, '--table-name'),
        FilterExpression: option(call, '--filter-expression'),
        ExpressionAttributeNames: JSON.parse(option(call, '--expression-attribute-names')),
        ExpressionAttributeValues: plain(JSON.parse(option(call, '--expression-attribute-values'))),
      }),
    );
    return Items as readonly { readonly pk: string; readonly sk: string }[];
  };
}

const IDS: readonly ItemId[] = [17, '17', 170, 'Zoë "Z" O\\Brien', 'a b', '>>>???'];

test.each(IDS)('what erases a person finds every record that names the id %j, and no other', async (id) => {
  const scan = await ledgerWith(IDS);
  const [call = []] = called(JSON.stringify(id), []);
  const found = await scan(call);
  const kinds = found.map(({ pk }) => pk.split('#')[0]);
  expect([...kinds].sort()).toEqual(['address', 'audit', 'feedback', 'items', 'postponed']);
  const named = found.map((record) => (record as { id?: ItemId; owner?: string }).id ?? itemTag(id));
  expect(new Set(named)).toEqual(new Set([id, itemTag(id)]));

  const keys = found.map(({ pk, sk }) => ({ pk: { S: pk }, sk: { S: sk } }));
  const [, ...deletions] = called(JSON.stringify(id), keys);
  expect(deletions.map((deletion) => deletion.slice(0, 2))).toEqual(keys.map(() => ['dynamodb', 'delete-item']));
  expect(deletions.map((deletion) => JSON.parse(option(deletion, '--key')))).toEqual(keys);
});
