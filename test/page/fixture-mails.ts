import type { MailDetail } from '../../page/view';

interface Language {
  readonly name: (id: number) => string;
  readonly subject: string;
  readonly greeting: string;
  readonly body: string;
  readonly direction: 'ltr' | 'rtl';
}

const ENGLISH: Language = {
  name: (id) => `Reader ${id}`,
  subject: 'Your weekly digest: 4 new stories',
  greeting: 'Good morning',
  body: 'Here is what happened in your projects since last Monday.',
  direction: 'ltr',
};
const JAPANESE: Language = {
  name: (id) => `読者 ${id}`,
  subject: '今週のダイジェスト:新着4件',
  greeting: 'おはようございます',
  body: '先週の月曜日以降、あなたのプロジェクトで起きたことをお知らせします。',
  direction: 'ltr',
};
const ARABIC: Language = {
  name: (id) => `قارئ ${id}`,
  subject: 'ملخصك الأسبوعي: 4 أخبار جديدة',
  greeting: 'صباح الخير',
  body: 'إليك ما حدث في مشاريعك منذ يوم الاثنين الماضي (run #42).',
  direction: 'rtl',
};

/** Every fifth mail is Japanese, every seventh Arabic. */
function languageOf(number: number): Language {
  return number % 5 === 0 ? JAPANESE : number % 7 === 0 ? ARABIC : ENGLISH;
}

/** The mail that item `number` received. */
export function simulatedMail(number: number, startedAt: number): MailDetail {
  const { name, subject, greeting, body, direction } = languageOf(number);
  const messageId = `mail-${number}@sim.example`;
  const from = 'Weekly Digest <digest@news.example>';
  const to = `${name(number)} <user${number}@example.com>`;
  const sentAt = new Date(startedAt + 1000 + number * 12).toISOString();
  const unsubscribe = `https://news.example/unsubscribe?user=${number}`;
  const stories = [1, 2, 3, 4].map((story) => {
    const color = ['#0b6bcb', '#1a7f37', '#b35900', '#6b4fbb'][story - 1];
    return `<tr><td style="padding:14px 0;border-bottom:1px solid #e6e9ee"><span style="display:inline-block;width:10px;height:10px;border-radius:5px;background:${color}"></span>&nbsp; <b>${subject} · ${story}</b><br><span style="color:#55616f">${body}</span></td></tr>`;
  });
  const html = `<!doctype html><html dir="${direction}"><head><meta charset="utf-8"><title>${subject}</title></head>
<body style="margin:0;background:#eef1f5;font-family:sans-serif;color:#16202c"><table role="presentation" width="100%"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" style="max-width:560px;width:100%;background:#fff;border-radius:8px;padding:24px;text-align:start">
<tr><td><h1 style="font-size:20px">${greeting}, ${name(number)}</h1><p>${body}</p></td></tr>${stories.join('')}
<tr><td style="padding-top:18px;font-size:13px;color:#55616f"><a href="${unsubscribe}" style="color:#0b6bcb">Unsubscribe</a></td></tr>
</table></td></tr></table></body></html>`;
  const headers = [
    ['From', from],
    ['To', to],
    ['Subject', subject],
    ['Date', sentAt],
    ['Message-ID', `<${messageId}>`],
    ['List-Unsubscribe', `<${unsubscribe}>`],
    ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
    ['MIME-Version', '1.0'],
    ['Content-Type', 'multipart/alternative; boundary="b1"'],
  ] as const;
  const text = `${greeting}, ${name(number)}\n\n${body}\n\n${unsubscribe}\n`;
  const base64 = (content: string) => Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\r\n');
  const raw = [
    ...headers.map(
      ([header, value]) =>
        `${header}: ${/^[\x20-\x7e]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`}`,
    ),
    '',
    '--b1',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    base64(text),
    '--b1',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    base64(html),
    '--b1--',
    '',
  ].join('\r\n');
  return { messageId, sentAt, from, to, subject, headers, html, text, raw };
}
