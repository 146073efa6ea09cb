/** What the page says, in one language. */
export interface PageTexts {
  readonly title: string;
  readonly question: string;
  readonly button: string;
  readonly done: string;
  readonly undo: string;
  readonly undone: string;
  readonly invalid: string;
  readonly failed: string;
}

/** Of whatever language has no texts of its own. */
const FALLBACK = 'en';

const TEXTS: Readonly<Record<string, PageTexts>> = {
  en: {
    title: 'Unsubscribe',
    question: 'Do you want no more of these mails?',
    button: 'Unsubscribe',
    done: 'You will get no more of these mails. One that is already on its way may still arrive.',
    undo: 'That was a mistake: subscribe again',
    undone: 'You will get these mails again.',
    invalid: 'This link does not work, or not any more. Please use the link of a recent mail.',
    failed: 'That did not work just now. Please try again in a minute.',
  },
  de: {
    title: 'Abbestellen',
    question: 'Möchten Sie diese Mails nicht mehr erhalten?',
    button: 'Abbestellen',
    done: 'Sie erhalten diese Mails nicht mehr. Eine, die schon unterwegs ist, kann noch ankommen.',
    undo: 'Das war ein Versehen: wieder abonnieren',
    undone: 'Sie erhalten diese Mails wieder.',
    invalid: 'Dieser Link funktioniert nicht oder nicht mehr. Bitte nehmen Sie den Link aus einer neueren Mail.',
    failed: 'Das hat gerade nicht funktioniert. Bitte versuchen Sie es in einer Minute noch einmal.',
  },
  fr: {
    title: 'Se désabonner',
    question: 'Ne plus recevoir ces messages ?',
    button: 'Se désabonner',
    done: 'Vous ne recevrez plus ces messages. Un message déjà envoyé peut encore arriver.',
    undo: 'C’était une erreur : me réabonner',
    undone: 'Vous recevrez de nouveau ces messages.',
    invalid: 'Ce lien ne fonctionne pas ou plus. Utilisez le lien d’un message récent.',
    failed: 'Cela n’a pas fonctionné. Veuillez réessayer dans une minute.',
  },
  es: {
    title: 'Cancelar la suscripción',
    question: '¿No quiere recibir más estos mensajes?',
    button: 'Cancelar la suscripción',
    done: 'No recibirá más estos mensajes. Alguno que ya esté en camino puede llegar todavía.',
    undo: 'Ha sido un error: volver a suscribirme',
    undone: 'Volverá a recibir estos mensajes.',
    invalid: 'Este enlace no funciona o ya no funciona. Use el enlace de un mensaje reciente.',
    failed: 'No ha funcionado. Inténtelo de nuevo dentro de un minuto.',
  },
  pt: {
    title: 'Cancelar assinatura',
    question: 'Não quer mais receber estas mensagens?',
    button: 'Cancelar assinatura',
    done: 'Você não receberá mais estas mensagens. Uma que já foi enviada ainda pode chegar.',
    undo: 'Foi um engano: assinar de novo',
    undone: 'Você receberá estas mensagens novamente.',
    invalid: 'Este link não funciona, ou não funciona mais. Use o link de uma mensagem recente.',
    failed: 'Não funcionou agora. Tente novamente em um minuto.',
  },
  pl: {
    title: 'Rezygnacja z subskrypcji',
    question: 'Czy nie chcesz już otrzymywać tych wiadomości?',
    button: 'Zrezygnuj z subskrypcji',
    done: 'Nie będziesz już otrzymywać tych wiadomości. Wiadomość, która jest już w drodze, może jeszcze nadejść.',
    undo: 'To pomyłka: subskrybuj ponownie',
    undone: 'Będziesz znowu otrzymywać te wiadomości.',
    invalid: 'Ten link nie działa albo już nie działa. Użyj linku z nowszej wiadomości.',
    failed: 'Tym razem się nie udało. Spróbuj ponownie za minutę.',
  },
  ja: {
    title: '配信停止',
    question: '今後このメールの配信を停止しますか？',
    button: '配信を停止する',
    done: '配信を停止しました。すでに送信されたメールは届くことがあります。',
    undo: '間違えました。もう一度登録する',
    undone: 'このメールの配信を再開します。',
    invalid: 'このリンクは無効か、期限が切れています。新しいメールのリンクをお使いください。',
    failed: '処理できませんでした。1分ほどしてからもう一度お試しください。',
  },
  ar: {
    title: 'إلغاء الاشتراك',
    question: 'هل تريد عدم تلقي هذه الرسائل بعد الآن؟',
    button: 'إلغاء الاشتراك',
    done: 'لن تتلقى هذه الرسائل بعد الآن. قد تصلك رسالة أُرسلت من قبل.',
    undo: 'كان ذلك خطأ: الاشتراك من جديد',
    undone: 'ستتلقى هذه الرسائل من جديد.',
    invalid: 'هذا الرابط لا يعمل أو لم يعد يعمل. استخدم الرابط الموجود في رسالة حديثة.',
    failed: 'لم ينجح ذلك الآن. حاول مرة أخرى بعد دقيقة.',
  },
};

const RIGHT_TO_LEFT: readonly string[] = ['ar', 'he', 'fa', 'ur'];

/** The texts of a language, or of the one that it falls back to: `pt-BR` to `pt`, and whatever has none to English. */
export function pageTexts(locale: string): {
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  readonly texts: PageTexts;
} {
  const language = locale.split(/[-_]/, 1)[0]?.toLowerCase() ?? '';
  const lang = Object.hasOwn(TEXTS, language) ? language : FALLBACK;
  return { lang, dir: RIGHT_TO_LEFT.includes(lang) ? 'rtl' : 'ltr', texts: TEXTS[lang] as PageTexts };
}
