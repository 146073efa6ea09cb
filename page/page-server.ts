import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Assets, loadAssets } from './assets';
import { isLoopbackHost } from './loopback';
import { OperationsApi } from './operations-api';
import { answerApi } from './page-api';
import { PageError, send, sendJson } from './reply';
import { RunUpdates } from './run-updates';
import type { PageSource } from './view';

/** Only this server's own files; nothing inline but the mail's own document, which has a policy of its own. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const OPERATIONS = '/api/operations/';

/**
 * The page as a part of an HTTP server: answers `GET /`, `/static/…` and `/api/…`, `POST /api/operations/…`, and resolves to `true`. Resolves to
 * `false` without touching the response when the request is not the page's: another method, or another path.
 * Requests whose `Host` is not loopback are refused, so that a web site cannot read mails by pointing its own name here.
 *
 * @param assets gives the page's files; called at the first request for one, so that a run without a browser builds none
 */
export function createPage(
  source: PageSource,
  assets: () => Promise<Assets> = loadAssets,
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  const operations = new OperationsApi(source.operations);
  const answering = { source, updates: new RunUpdates(source) };
  return async (request, response) => {
    const isPost = request.method === 'POST' && request.url?.startsWith(OPERATIONS) === true;
    if (!isPost && request.method !== 'GET' && request.method !== 'HEAD') return false;
    const [path = '', query = ''] = splitTarget(request.url ?? '');
    if (path !== '/' && !path.startsWith('/static/') && !path.startsWith('/api/')) return false;
    try {
      if (!isLoopbackHost(request.headers.host)) {
        throw new PageError(
          403,
          `Expected the Host header to be a loopback name, got "${request.headers.host ?? ''}"; open the page as http://localhost with its port.`,
        );
      }
      if (isPost) {
        sendJson(response, 200, { message: await operations.perform(path.slice(OPERATIONS.length), request) });
        return true;
      }
      if (path === '/api/operations') {
        sendJson(response, 200, operations.offered());
        return true;
      }
      if (path.startsWith('/api/')) {
        await answerApi(answering, path.slice('/api/'.length), new URLSearchParams(query), response);
        return true;
      }
      const file = (await assets()).get(path === '/' ? 'index.html' : path.slice('/static/'.length));
      if (!file) throw new PageError(404, `There is no file ${path}; the page is at /.`);
      send(response, 200, file.contentType, file.content, { 'content-security-policy': PAGE_POLICY });
    } catch (error) {
      const status = error instanceof PageError ? error.status : 500;
      const reason = error instanceof Error ? error.message : String(error);
      sendJson(response, status, {
        message: error instanceof PageError ? reason : `The engine could not answer ${path}: ${reason}`,
      });
    }
    return true;
  };
}

function splitTarget(target: string): readonly string[] {
  const mark = target.indexOf('?');
  return mark < 0 ? [target] : [target.slice(0, mark), target.slice(mark + 1)];
}
