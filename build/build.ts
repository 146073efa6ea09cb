import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { generatedDocs } from './generated-docs';
import { compile } from './javascript';
import { type DoorTypes, extractTypes, REPORTS } from './types';

const HELP = `npm run build       makes dist, all that npm publishes
npm run api         writes the API reports
npm run check:api   compares them with the code
npm run docs        writes the documents that are made of tables in code
`;

const PROJECT = resolve(__dirname, '..');
const OUTPUT = join(PROJECT, 'dist');

async function main([task = 'build', ...options]: readonly string[]): Promise<void> {
  if ([task, ...options].includes('--help')) process.stdout.write(HELP);
  else if (options.length > 0) throw new Error(`Expected nothing after ${task}, got ${options[0]}: see --help.`);
  else if (task === 'api') types({ update: true });
  else if (task === 'check-api') guardReports(types({ update: false }));
  else if (task === 'docs') writeDocs();
  else if (task === 'build') await buildPackage();
  else throw new Error(`Expected build, api, check-api or docs, got ${task}: see --help.`);
}

function types({ update }: { readonly update: boolean }): readonly DoorTypes[] {
  return extractTypes({ project: PROJECT, reports: join(PROJECT, REPORTS), update });
}

function writeDocs(): void {
  for (const { path, text } of generatedDocs()) writeFileSync(join(PROJECT, path), text);
}

async function buildPackage(): Promise<void> {
  rmSync(OUTPUT, { recursive: true, force: true });
  await compile(PROJECT, OUTPUT);
  const doors = types({ update: false });
  guardReports(doors);
  for (const { door, rollup } of doors) {
    const declarations = join(OUTPUT, 'types');
    mkdirSync(declarations, { recursive: true });
    cpSync(rollup, join(declarations, `${door.report}.d.ts`));
    // The same types for both kinds of module, not a copy of them: what one gives fits the other.
    if (door.isModule)
      writeFileSync(join(declarations, `${door.report}.d.mts`), `export * from './${door.report}.js';\n`);
  }
}

function guardReports(doors: readonly DoorTypes[]): void {
  const changed = doors.filter(({ reportChanged }) => reportChanged).map(({ door }) => door);
  if (changed.length === 0) return;
  const names = changed.map(({ specifier }) => specifier).join(' and ');
  const files = changed.map(({ report }) => `${REPORTS}/${report}.api.md`).join(' ');
  throw new Error(
    `Expected the public surface of ${names} to be as its API report has it, got another: if it was to change, run \`npm run api\` and commit ${files}.`,
  );
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
