import PostalMime, { type Address } from 'postal-mime';
import { html as markup } from '../../functions/email/html';

/**
 * A page that shows a message as a mail program decodes it: its headers, its HTML part at the width of a desk and of a
 * phone, its text part. The mail is in frames of its own, in which nothing runs and from which nothing is loaded but
 * images.
 */
export async function previewPage(raw: Uint8Array): Promise<string> {
  const {
    subject = '',
    from,
    to = [],
    replyTo,
    headers,
    html = '',
    text = '',
    attachments,
  } = await PostalMime.parse(raw);
  const unsubscribe = headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? '';
  const fields = [
    ['From', from ? shown(from) : ''],
    ['To', to.map(shown).join(', ')],
    ...(replyTo && replyTo.length > 0 ? [['Reply-To', replyTo.map(shown).join(', ')]] : []),
    ['Subject', subject],
    ['List-Unsubscribe', unsubscribe],
    ...(attachments.length > 0 ? [['Attachments', attachments.map(({ filename }) => filename ?? '').join(', ')]] : []),
  ] as const;
  const frame = (width: number) =>
    markup`<iframe sandbox="" title="${width} px" width="${width}" height="900" srcdoc="${html}"></iframe>`;
  return markup`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data: https:">
<title>${subject}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 24px; background: #f2f4f8; color: #1c2433 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; overflow-wrap: anywhere }
dt { color: #55607a }
dd { margin: 0 }
iframe { border: 1px solid #c9d1df; border-radius: 8px; background: #fff; max-width: 100%; vertical-align: top }
pre { background: #fff; border: 1px solid #c9d1df; border-radius: 8px; padding: 16px; white-space: pre-wrap; overflow-wrap: anywhere }
</style>
<dl>${fields.map(([name, value]) => markup`<dt>${name}</dt><dd dir="auto">${value}</dd>`)}</dl>
${html === '' ? '' : markup`${frame(720)}\n${frame(390)}`}
<h2>Text part</h2>
<pre dir="auto">${text}</pre>
</html>
`.toString();
}

function shown({ name, address = '' }: Address): string {
  return name ? `${name} <${address}>` : address;
}
