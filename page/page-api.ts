import type { ServerResponse } from 'node:http';
import { PageError, send, sendJson } from './reply';
import type { RunUpdates } from './run-updates';
import type { MailDetail, PageSource } from './view';

const MAX_EVENTS = 1000;
const MAX_MAILS = 200;
const DEFAULT_MAILS = 50;
const MOST_CHAINS = 9999;
const NO_CHAIN = -1;
const MAX_SEARCH_CHARACTERS = 200;
/** `arn:<partition>:states:<region>:<account>:execution:<state machine>:<name>`. */
const EXECUTION_ARN = /^arn:[^:]{1,20}:states:[^:]{0,30}:[^:]{0,20}:execution:[^:]{1,80}:[^:]{1,80}$/;
const VERSION = /^[\w-]{1,40}$/;
const REQUEST_ID = /^[\w-]{1,64}$/;
const MESSAGE_ID = /^[\w@.+=-]{1,200}$/;

/**
 * For the HTML part of a mail on its own. `allow-same-origin` without `allow-scripts`: no script runs, yet the page
 * may measure the document to give its frame the right height. Popups, so that a link opens in a tab of its own.
 */
const MAIL_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox',
].join('; ');

/** Whom the page's questions go to. */
export interface Answering {
  readonly source: PageSource;
  readonly updates: RunUpdates;
}

/**
 * Answers `GET /api/<path>`.
 *
 * @throws PageError where it refuses the request
 */
export async function answerApi(
  answering: Answering,
  path: string,
  parameters: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const [resource = '', id, part, ...rest] = path.split('/');
  const read = id === undefined && Object.hasOwn(RESOURCES, resource) ? RESOURCES[resource] : undefined;
  if (read !== undefined) return sendJson(response, 200, await read(answering, parameters));
  if (resource === 'mails' && id !== undefined && rest.length === 0) {
    allowParameters(parameters, part === 'html' ? ['images'] : []);
    const remoteImages = wantsRemoteImages(parameters);
    const mail = await findMail(answering.source, id);
    if (part === undefined) return sendJson(response, 200, mail);
    if (part === 'html') return sendHtmlPart(response, mail, remoteImages);
    if (part === 'raw') return sendRaw(response, mail);
  }
  if (resource === 'logs' && id !== undefined && part === undefined) {
    allowParameters(parameters, []);
    return sendJson(response, 200, { lines: readLog(answering.source, id) });
  }
  throw new PageError(
    404,
    `There is no /api/${path}; there are /api/run, /api/updates, /api/executions, /api/history, /api/leftovers, /api/mails, /api/logs/<request id>, and /api/mails/<id> with /html and /raw.`,
  );
}

/** What stands right under `/api/`, each as the JSON that it answers. */
const RESOURCES: Readonly<Record<string, (answering: Answering, parameters: URLSearchParams) => Promise<unknown>>> = {
  async run({ source }, parameters) {
    allowParameters(parameters, ['execution']);
    return source.run(executionArn(parameters));
  },
  async updates({ updates }, parameters) {
    allowParameters(parameters, ['execution', 'since']);
    const since = parameters.get('since') ?? undefined;
    if (since !== undefined && !VERSION.test(since)) {
      throw new PageError(
        400,
        `Expected since to be the version of an answer, got "${since.slice(0, 100)}": leave it out for the whole run.`,
      );
    }
    return updates.read(executionArn(parameters), since);
  },
  async executions({ source }, parameters) {
    allowParameters(parameters, []);
    return { executions: await source.executions() };
  },
  async history({ source }, parameters) {
    allowParameters(parameters, ['execution', 'after', 'limit']);
    const after = wholeNumber(parameters, 'after', { from: 0, to: Number.MAX_SAFE_INTEGER, otherwise: 0 });
    const limit = wholeNumber(parameters, 'limit', { from: 1, to: MAX_EVENTS, otherwise: MAX_EVENTS });
    return { events: await source.history(executionArn(parameters), after, limit) };
  },
  async leftovers({ source }, parameters) {
    allowParameters(parameters, ['execution']);
    return source.leftovers(executionArn(parameters));
  },
  async mails({ source }, parameters) {
    allowParameters(parameters, ['execution', 'chain', 'search', 'offset', 'limit']);
    const search = (parameters.get('search') ?? '').trim();
    if (search.length > MAX_SEARCH_CHARACTERS) {
      throw new PageError(
        400,
        `Expected search to be at most ${MAX_SEARCH_CHARACTERS} characters, got ${search.length}.`,
      );
    }
    const offset = wholeNumber(parameters, 'offset', { from: 0, to: Number.MAX_SAFE_INTEGER, otherwise: 0 });
    const limit = wholeNumber(parameters, 'limit', { from: 1, to: MAX_MAILS, otherwise: DEFAULT_MAILS });
    const arn = executionArn(parameters);
    const chain = wholeNumber(parameters, 'chain', { from: 0, to: MOST_CHAINS, otherwise: NO_CHAIN });
    return source.mails({
      ...{ search, offset, limit },
      ...(arn !== undefined && { executionArn: arn }),
      ...(chain !== NO_CHAIN && { chainId: chain }),
    });
  },
};

/** `undefined` stands for the newest execution. */
function executionArn(parameters: URLSearchParams): string | undefined {
  const arn = parameters.get('execution');
  if (arn === null || EXECUTION_ARN.test(arn)) return arn ?? undefined;
  throw new PageError(
    400,
    `Expected execution to be the ARN of an execution, got "${arn.slice(0, 100)}": take it from /api/executions.`,
  );
}

async function findMail(source: PageSource, encodedId: string): Promise<MailDetail> {
  const messageId = decode(encodedId);
  if (messageId === undefined || !MESSAGE_ID.test(messageId)) {
    throw new PageError(
      400,
      `Expected a message id of letters, digits and @._+=-, got "${encodedId.slice(0, 100)}"; take it from /api/mails.`,
    );
  }
  const mail = await source.mail(messageId);
  if (!mail) throw new PageError(404, `There is no mail ${messageId} in the inbox; it holds this run's mails only.`);
  return mail;
}

function readLog(source: PageSource, requestId: string): readonly string[] {
  if (!REQUEST_ID.test(requestId)) {
    throw new PageError(
      400,
      `Expected a request id of letters, digits and hyphens, got "${requestId.slice(0, 100)}"; take it from a link in /api/run.`,
    );
  }
  if (source.log !== undefined) return source.log(requestId);
  throw new PageError(404, 'This server keeps no logs: those of a deployed function are in CloudWatch.');
}

/** Images from elsewhere load only for a reader who asks for them: each would report the reading to its server. */
function wantsRemoteImages(parameters: URLSearchParams): boolean {
  const images = parameters.get('images');
  if (images === null || images === 'remote') return images !== null;
  throw new PageError(400, `Expected images to be remote, got "${images.slice(0, 100)}": leave it out to load none.`);
}

function sendHtmlPart(response: ServerResponse, mail: MailDetail, remoteImages: boolean): void {
  if (mail.html === undefined) throw new PageError(404, `Mail ${mail.messageId} has no HTML part; read its text part.`);
  send(response, 200, 'text/html; charset=utf-8', mail.html, {
    'content-security-policy': `${MAIL_POLICY}; img-src data:${remoteImages ? ' https:' : ''}`,
  });
}

function sendRaw(response: ServerResponse, mail: MailDetail): void {
  send(response, 200, 'text/plain; charset=utf-8', mail.raw, {
    'content-disposition': `attachment; filename="${mail.messageId.replace(/[^\w.-]/g, '_')}.eml"`,
  });
}

function decode(component: string): string | undefined {
  try {
    return decodeURIComponent(component);
  } catch {
    return undefined;
  }
}

function allowParameters(parameters: URLSearchParams, allowed: readonly string[]): void {
  for (const name of new Set(parameters.keys())) {
    if (!allowed.includes(name)) {
      throw new PageError(400, `Expected only the parameters [${allowed.join(', ')}], got "${name.slice(0, 100)}".`);
    }
    if (parameters.getAll(name).length > 1) throw new PageError(400, `Expected ${name} once, got it several times.`);
  }
}

function wholeNumber(
  parameters: URLSearchParams,
  name: string,
  range: { readonly from: number; readonly to: number; readonly otherwise: number },
): number {
  const given = parameters.get(name);
  if (given === null) return range.otherwise;
  const value = /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN;
  if (!(value >= range.from && value <= range.to)) {
    throw new PageError(
      400,
      `Expected ${name} to be a whole number from ${range.from} to ${range.to}, got "${given.slice(0, 100)}".`,
    );
  }
  return value;
}
