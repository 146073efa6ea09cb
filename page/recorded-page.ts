import { createHash } from 'node:crypto';
import type { Asset, Assets } from './assets';
import type { HistoryEvent, PageSource, Recording, RunView } from './view';

const EVENTS_AT_A_TIME = 1000;

/**
 * What the page would be told of an execution now, for a file of its own. Without task tokens: whoever may read the file
 * need not be one who may answer a task.
 */
export async function recordRun(source: PageSource, executionArn: string): Promise<Recording> {
  const run = await source.run(executionArn);
  const events: HistoryEvent[] = [];
  for (;;) {
    const more = await source.history(executionArn, events.length, EVENTS_AT_A_TIME);
    events.push(...more.map(withoutToken));
    if (more.length < EVENTS_AT_A_TIME) break;
  }
  const own: RunView = { ...run, executions: run.executions.filter(({ arn }) => arn === executionArn) };
  const answers = {
    '/api/run': own,
    '/api/executions': { executions: own.executions },
    '/api/leftovers': await source.leftovers(executionArn),
  };
  return { at: run.now, answers, events };
}

/**
 * One HTML file that shows a recording from disk: the page's own files are in it, nothing is fetched, and its policy lets
 * nothing be.
 *
 * @throws Error where a file of the page is missing
 */
export function recordedPage(recording: Recording, assets: Assets): string {
  const text = (name: string) => textOf(assets, name);
  const html = text('index.html');
  const styles = [...html.matchAll(/<link rel="stylesheet" href="\/static\/([^"]+)" \/>/g)].map(
    ([, name = '']) => name,
  );
  const style = styles.map(text).join('\n');
  // What ends a script ends it wherever it stands, in a string as well.
  const script = text('main.js').replaceAll('</script', '<\\/script');
  const icon = `data:image/svg+xml;base64,${Buffer.from(text('icon.svg')).toString('base64')}`;
  const data = JSON.stringify(recording).replaceAll('<', '\\u003c');
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const head = [
    `<meta http-equiv="Content-Security-Policy" content="${policy}" />`,
    `<style>${style}</style>`,
    `<script type="application/json" id="recording">${data}</script>`,
  ];
  // A function: in a text `$&` would stand for what is replaced.
  return html
    .replace(/ *<link rel="stylesheet"[^>]*>\n/g, '')
    .replace(/ *<script type="module"[^>]*><\/script>\n/, '')
    .replace('/static/icon.svg', icon)
    .replace('</title>', () => `</title>\n    ${head.join('\n    ')}`)
    .replace('</body>', () => `  <script type="module">${script}</script>\n  </body>`);
}

function textOf(assets: Assets, name: string): string {
  const asset: Asset | undefined = assets.get(name);
  if (asset) return asset.content.toString('utf8');
  throw new Error(`Expected the page to have a file ${name}, got ${[...assets.keys()].join(', ')}: build it again.`);
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function withoutToken(event: HistoryEvent): HistoryEvent {
  const details = event.taskScheduledEventDetails as { readonly parameters?: string } | undefined;
  if (details?.parameters === undefined) return event;
  const parameters = details.parameters.replace(/("taskToken"\s*:\s*")[^"]*/gi, '$1…');
  return { ...event, taskScheduledEventDetails: { ...details, parameters } };
}
