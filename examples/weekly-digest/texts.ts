/** The digest's words in one language. Counts stand beside their label, so that no language needs plural forms. */
export interface DigestTexts {
  readonly direction: 'ltr' | 'rtl';
  subject(week: string): string;
  greeting(name: string): string;
  /** For whoever has no name. */
  readonly greetingWithoutName: string;
  readonly intro: string;
  readonly visits: string;
  readonly newFollowers: string;
  readonly messages: string;
  readonly highlights: string;
  readonly views: string;
  readonly quietWeek: string;
  readonly reason: string;
  readonly unsubscribe: string;
}

export const DIGEST_TEXTS = {
  en: {
    direction: 'ltr',
    subject: (week) => `Your week: ${week}`,
    greeting: (name) => `Hello ${name},`,
    greetingWithoutName: 'Hello,',
    intro: 'Here is what happened around you this week.',
    visits: 'Profile visits',
    newFollowers: 'New followers',
    messages: 'Messages',
    highlights: 'Highlights of your week',
    views: 'Views',
    quietWeek: 'A quiet week: nothing new this time.',
    reason: 'You receive this mail because you subscribed to the weekly digest.',
    unsubscribe: 'Unsubscribe',
  },
  de: {
    direction: 'ltr',
    subject: (week) => `Ihre Woche: ${week}`,
    greeting: (name) => `Hallo ${name},`,
    greetingWithoutName: 'Hallo,',
    intro: 'das ist diese Woche bei Ihnen passiert.',
    visits: 'Profilbesuche',
    newFollowers: 'Neue Follower',
    messages: 'Nachrichten',
    highlights: 'Höhepunkte Ihrer Woche',
    views: 'Aufrufe',
    quietWeek: 'Eine ruhige Woche: diesmal gibt es nichts Neues.',
    reason: 'Sie erhalten diese E-Mail, weil Sie den Wochenrückblick abonniert haben.',
    unsubscribe: 'Abmelden',
  },
  fr: {
    direction: 'ltr',
    subject: (week) => `Votre semaine : ${week}`,
    greeting: (name) => `Bonjour ${name},`,
    greetingWithoutName: 'Bonjour,',
    intro: 'Voici ce qui s’est passé autour de vous cette semaine.',
    visits: 'Visites du profil',
    newFollowers: 'Nouveaux abonnés',
    messages: 'Messages',
    highlights: 'Les temps forts de votre semaine',
    views: 'Vues',
    quietWeek: 'Une semaine calme : rien de nouveau cette fois-ci.',
    reason: 'Vous recevez ce message car vous êtes abonné au récapitulatif hebdomadaire.',
    unsubscribe: 'Se désabonner',
  },
  es: {
    direction: 'ltr',
    subject: (week) => `Tu semana: ${week}`,
    greeting: (name) => `Hola, ${name}:`,
    greetingWithoutName: 'Hola:',
    intro: 'Esto es lo que ha pasado a tu alrededor esta semana.',
    visits: 'Visitas al perfil',
    newFollowers: 'Nuevos seguidores',
    messages: 'Mensajes',
    highlights: 'Lo más destacado de tu semana',
    views: 'Visualizaciones',
    quietWeek: 'Una semana tranquila: esta vez no hay novedades.',
    reason: 'Recibes este correo porque te suscribiste al resumen semanal.',
    unsubscribe: 'Darse de baja',
  },
  'pt-BR': {
    direction: 'ltr',
    subject: (week) => `Sua semana: ${week}`,
    greeting: (name) => `Olá, ${name}!`,
    greetingWithoutName: 'Olá!',
    intro: 'Veja o que aconteceu ao seu redor nesta semana.',
    visits: 'Visitas ao perfil',
    newFollowers: 'Novos seguidores',
    messages: 'Mensagens',
    highlights: 'Destaques da sua semana',
    views: 'Visualizações',
    quietWeek: 'Uma semana tranquila: nenhuma novidade desta vez.',
    reason: 'Você recebeu este e-mail porque assinou o resumo semanal.',
    unsubscribe: 'Cancelar inscrição',
  },
  pl: {
    direction: 'ltr',
    subject: (week) => `Twój tydzień: ${week}`,
    greeting: (name) => `Cześć, ${name}!`,
    greetingWithoutName: 'Cześć!',
    intro: 'Oto, co wydarzyło się u Ciebie w tym tygodniu.',
    visits: 'Odwiedziny profilu',
    newFollowers: 'Nowi obserwujący',
    messages: 'Wiadomości',
    highlights: 'Najważniejsze w Twoim tygodniu',
    views: 'Wyświetlenia',
    quietWeek: 'Spokojny tydzień: tym razem nic nowego.',
    reason: 'Otrzymujesz tę wiadomość, ponieważ subskrybujesz cotygodniowe podsumowanie.',
    unsubscribe: 'Wypisz się',
  },
  ja: {
    direction: 'ltr',
    subject: (week) => `今週のまとめ：${week}`,
    greeting: (name) => `${name} 様`,
    greetingWithoutName: 'こんにちは。',
    intro: '今週の出来事をお届けします。',
    visits: 'プロフィール訪問',
    newFollowers: '新しいフォロワー',
    messages: 'メッセージ',
    highlights: '今週のハイライト',
    views: '閲覧数',
    quietWeek: '静かな一週間でした。今回は新しいお知らせはありません。',
    reason: 'このメールは、週刊ダイジェストにご登録いただいた方にお送りしています。',
    unsubscribe: '配信を停止する',
  },
  ar: {
    direction: 'rtl',
    subject: (week) => `أسبوعك: ${week}`,
    greeting: (name) => `مرحبًا ${name}،`,
    greetingWithoutName: 'مرحبًا،',
    intro: 'إليك ما حدث من حولك هذا الأسبوع.',
    visits: 'زيارات الملف الشخصي',
    newFollowers: 'متابعون جدد',
    messages: 'الرسائل',
    highlights: 'أبرز أحداث أسبوعك',
    views: 'المشاهدات',
    quietWeek: 'أسبوع هادئ: لا جديد هذه المرة.',
    reason: 'تصلك هذه الرسالة لأنك مشترك في الملخص الأسبوعي.',
    unsubscribe: 'إلغاء الاشتراك',
  },
} as const satisfies Record<string, DigestTexts>;

export type DigestLocale = keyof typeof DIGEST_TEXTS;

const LOCALES = Object.keys(DIGEST_TEXTS) as DigestLocale[];

/** The digest's language for a recipient: the same locale, else the same language (`pt` reads `pt-BR`), else English. */
export function digestLocale(locale: string): DigestLocale {
  const wanted = locale.replaceAll('_', '-').toLowerCase();
  const language = (tag: string) => tag.toLowerCase().split('-')[0];
  return (
    LOCALES.find((known) => known.toLowerCase() === wanted) ??
    LOCALES.find((known) => language(known) === language(wanted)) ??
    'en'
  );
}
