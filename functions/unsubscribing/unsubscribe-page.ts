import { createHash } from 'node:crypto';
import { pageTexts } from './page-texts';

/** What the page is about: the question, or what has become of it. */
export type PageState = 'question' | 'done' | 'undone' | 'invalid' | 'failed';

const STYLE =
  'body{font:18px/1.6 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1.5rem;color:#1c2433;background:#fff}' +
  'h1{font-size:1.6rem}' +
  'button{font:inherit;padding:.6rem 1.4rem;border:0;border-radius:.4rem;background:#24408e;color:#fff;cursor:pointer}' +
  'button.undo{background:none;color:#24408e;padding:0;text-decoration:underline}' +
  '@media(prefers-color-scheme:dark){body{color:#e8ecf5;background:#161b26}button.undo{color:#9db4ff}}';

/** What a button of the page asks for. */
export type PageAction = 'unsubscribe' | 'resubscribe';

/** Nothing but the page's own style and a form to the page itself. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** Of every answer. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': POLICY,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
};

/**
 * The page: plain, with one button at most, and nothing that comes from the request.
 *
 * @param failedAction what can be tried again, where it failed
 */
export function unsubscribePage(state: PageState, locale: string, failedAction: PageAction = 'unsubscribe'): string {
  const { lang, dir, texts } = pageTexts(locale);
  const { title, question, button, done, undo, undone, invalid, failed } = texts;
  const content = {
    question: `<p>${question}</p>${form('unsubscribe', button)}`,
    done: `<p role="status">${done}</p>${form('resubscribe', undo)}`,
    undone: `<p role="status">${undone}</p>${form('unsubscribe', button)}`,
    invalid: `<p role="alert">${invalid}</p>`,
    failed: `<p role="alert">${failed}</p>${form(failedAction, failedAction === 'unsubscribe' ? button : undo)}`,
  }[state];
  return `<!doctype html>
<html lang="${lang}" dir="${dir}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${title}</title>
<style>${STYLE}</style>
<main>
<h1>${title}</h1>
${content}
</main>
</html>
`;
}

/** Goes to the address of the page itself, whose query says for whom. */
function form(action: PageAction, label: string): string {
  const style = action === 'resubscribe' ? ' class="undo"' : '';
  return `<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button name="action" value="${action}"${style}>${label}</button></form>`;
}
