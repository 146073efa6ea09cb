import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { referee } from '../interop/checks';
import { Consumer } from './consumer';
import { packed } from './tarball';

const HELP = `npm run test:package

Packs the package, and has the author of a job use it: in an empty directory outside of
this repository, with what npm installs there. Prints one line per check; exit status 1
if any failed.
`;

if (process.argv.includes('--help')) {
  process.stdout.write(HELP);
  process.exit(0);
}
referee(async (checks) => {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'worker-chains-package-')));
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
  const tarball = await packed(checks, scratch);
  const directory = join(scratch, 'author');
  mkdirSync(directory);
  await new Consumer(checks, directory).use(tarball);
});
