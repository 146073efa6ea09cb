import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Clock, isTransient, retryTransient, type Seed } from 'worker-chains';
import type { Recipient } from './recipient';
import { VARIABLES } from './variables';

export interface RecipientRange {
  /** First id, inclusive. */
  readonly first: number;
  /** Last id, inclusive. */
  readonly last: number;
  /** Any whole number; the same seed gives the same recipients. */
  readonly seed: number;
}

interface Language {
  readonly locale: string;
  readonly familyFirst?: true;
  readonly given: readonly string[];
  readonly family: readonly string[];
  readonly titles: readonly string[];
}

/** Common given and family names, put together at random: nobody in particular. */
const LANGUAGES: readonly Language[] = [
  {
    locale: 'en',
    given: ['Alice', 'Chloë', 'Grace', 'Henry', 'Jack', 'Olivia', 'Siân', 'Thomas'],
    family: ['Brown', "O'Neill", 'Hughes', 'Smith-Jones', 'Walker', 'Wright', 'Young', 'Taylor, Jr.'],
    titles: ['A walk along the coast', 'Ten-minute soups', 'Notes on "slow" travel', 'Repairing a bicycle'],
  },
  {
    locale: 'de',
    given: ['Anna', 'Björn', 'Jürgen', 'Käthe', 'Lukas', 'Sören', 'Ulrike', 'Zoë'],
    family: ['Bäcker', 'Fischer', 'Groß', 'Köhler', 'Müller', 'Schröder', 'von der Heide', 'Weiß'],
    titles: ['Frühstück für Eilige', 'Wandern im Harz', 'Mein erster Kräutergarten', 'Bücher für lange Abende'],
  },
  {
    locale: 'fr',
    given: ['Amélie', 'Benoît', 'Chloé', 'François', 'Gaël', 'Hélène', 'Inès', 'Noël'],
    family: ['Bernard', 'Dupré', "D'Aubigny", 'Lefèvre', 'Martin', 'Moreau', 'Petit', 'Rousseau'],
    titles: ['Promenade à bicyclette', 'L’art du pain', 'Trois jours en forêt', 'Nos marchés préférés'],
  },
  {
    locale: 'es',
    given: ['Álvaro', 'Begoña', 'Íñigo', 'José', 'Lucía', 'María', 'Óscar', 'Sofía'],
    family: ['Fernández', 'García', 'Ibáñez', 'López', 'Muñoz', 'Núñez', 'Peña', 'Sánchez'],
    titles: ['Un paseo por la montaña', 'Cocina de otoño', 'Mañanas sin prisa', 'Cómo cuidar un olivo'],
  },
  {
    locale: 'pt-BR',
    given: ['Antônio', 'Beatriz', 'Conceição', 'Inês', 'João', 'Luís', 'Mônica', 'Tomé'],
    family: ['Araújo', 'Conceição', 'Gonçalves', 'Magalhães', 'Oliveira', 'Santos', 'Silva', 'Simões'],
    titles: ['Café da manhã na varanda', 'Trilhas de fim de semana', 'Receitas da avó', 'Plantas que gostam de sombra'],
  },
  {
    locale: 'pl',
    given: ['Agnieszka', 'Bożena', 'Elżbieta', 'Grażyna', 'Józef', 'Łukasz', 'Michał', 'Świętosława'],
    family: ['Dąbrowski', 'Gałązka', 'Kowalczyk', 'Maćkowiak', 'Nowak', 'Wójcik', 'Zięba', 'Żak'],
    titles: ['Spacer po puszczy', 'Żurek krok po kroku', 'Książki na długi wieczór', 'Ogród na balkonie'],
  },
  {
    locale: 'ja',
    familyFirst: true,
    given: ['葵', '健太', 'さくら', '翔太', '大輔', '美咲', '陽子', 'ひろし'],
    family: ['伊藤', '加藤', '小林', '斎藤', '佐藤', '鈴木', '高橋', '渡辺'],
    titles: ['秋の山歩き', '十分でできる朝ごはん', '古い町並みをたずねて', 'はじめての家庭菜園'],
  },
  {
    locale: 'ar',
    given: ['أحمد', 'خالد', 'سارة', 'عمر', 'فاطمة', 'ليلى', 'مريم', 'يوسف'],
    family: ['الحداد', 'الخطيب', 'الشامي', 'العلي', 'المصري', 'النجار', 'حسن', 'منصور'],
    titles: ['نزهة على الشاطئ', 'وصفات سريعة', 'كتب لأمسيات طويلة', 'حديقة على الشرفة'],
  },
];

/** Reserved for examples (RFC 2606, RFC 6761): a mistake can never reach anybody. */
const DOMAINS = ['example.com', 'example.org', 'example.net', 'mail.example', 'post.example'];

const SHARE_MISSING = 0.01;
const SHARE_UNSUBSCRIBED = 0.03;
const SHARE_PLUS_ADDRESS = 0.2;
const WEEK_STARTS_ON = '2026-11-16';

/** The recipient with this id; `undefined` for the one in a hundred that is missing. The same for the same seed, always. */
export function recipientFor(id: number, seed: number): Recipient | undefined {
  const random = randomFrom(id, seed);
  if (random() < SHARE_MISSING) return undefined;
  const unsubscribed = random() < SHARE_UNSUBSCRIBED;
  const language = pick(LANGUAGES, random);
  const given = pick(language.given, random);
  const family = pick(language.family, random);
  const tag = random() < SHARE_PLUS_ADDRESS ? '+digest' : '';
  const firstTitle = Math.floor(random() * language.titles.length);
  const titles = [...language.titles.slice(firstTitle), ...language.titles.slice(0, firstTitle)];
  return {
    id,
    email: `${ascii(given)}.${id}${tag}@${pick(DOMAINS, random)}`,
    name: language.familyFirst ? `${family} ${given}` : `${given} ${family}`,
    locale: language.locale,
    ...(unsubscribed ? { unsubscribed } : {}),
    unsubscribeToken: Array.from({ length: 4 }, () => hex32(random)).join(''),
    week: {
      startsOn: WEEK_STARTS_ON,
      visits: count(random, 2000),
      newFollowers: count(random, 60),
      messages: count(random, 40),
      highlights: titles
        .slice(0, Math.floor(random() * 4))
        .map((title) => ({ title, views: 10 + count(random, 5000) })),
    },
  };
}

/** Every recipient of the range that is not missing, in the order of their ids. */
export function* recipients({ first, last, seed }: RecipientRange): Generator<Recipient> {
  for (let id = first; id <= last; id++) {
    const recipient = recipientFor(id, seed);
    if (recipient) yield recipient;
  }
}

export interface SeedOptions extends RecipientRange {
  /** @default - the system's */
  readonly clock?: Clock;
  /** Uniform in [0, 1): jitter between tries. @default - Math.random */
  readonly random?: () => number;
}

/** DynamoDB's limit for one BatchWriteItem. */
const ITEMS_PER_CALL = 25;
const CALLS_IN_FLIGHT = 4;
const TRIES = 10;

/** DynamoDB took only a part of a call; the next try writes the rest. */
class UnprocessedItems extends Error {}

/**
 * Writes the range's recipients into the table, over whatever is there. Returns how many.
 *
 * @throws Error where a call's items are still unwritten after ten tries, and at once where the error is definite
 */
export async function seedRecipients(
  client: Pick<DynamoDBDocumentClient, 'send'>,
  tableName: string,
  { clock, random = Math.random, ...range }: SeedOptions,
): Promise<number> {
  const remaining = batches(recipients(range));
  let written = 0;
  const write = async (batch: readonly Recipient[]) => {
    let requests: unknown[] = batch.map((Item) => ({ PutRequest: { Item } }));
    const writeRequests = async () => {
      const command = new BatchWriteCommand({ RequestItems: { [tableName]: requests as PutRequests } });
      const answer = await client.send(command);
      requests = answer.UnprocessedItems?.[tableName] ?? [];
      if (requests.length > 0) {
        throw new UnprocessedItems(
          `Expected table ${tableName} to take ${batch.length} recipients within ${TRIES} tries, ` +
            `${requests.length} were still unwritten: raise its write capacity or seed again later.`,
        );
      }
    };
    const shouldRetry = (error: unknown) => error instanceof UnprocessedItems || isTransient(error);
    await retryTransient(writeRequests, { clock, random, attempts: TRIES, shouldRetry });
    written += batch.length;
  };
  const writer = async () => {
    // The writers share one iterator: each takes the next batch when it has written its last.
    for (let next = remaining.next(); !next.done; next = remaining.next()) await write(next.value);
  };
  await Promise.all(Array.from({ length: CALLS_IN_FLIGHT }, writer));
  return written;
}

/** Writes the recipients of the run, for `worker-chains dev --seed`: of a range of ids all of them, of a list each. */
const seed: Seed = async ({ ids, environment, random }) => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 1 }));
  const table = environment[VARIABLES.recipientsTable] as string;
  const ranges = Array.isArray(ids)
    ? ids.map((id) => ({ first: id, last: id }))
    : [ids as Omit<RecipientRange, 'seed'>];
  for (const range of ranges) await seedRecipients(client, table, { ...range, seed: random });
  client.destroy();
};

export default seed;

type PutRequests = { PutRequest: { Item: Record<string, unknown> } }[];

function* batches(items: Iterable<Recipient>): Generator<readonly Recipient[]> {
  let batch: Recipient[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < ITEMS_PER_CALL) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** What is left of a name in a mail address: ASCII letters; names in other scripts become `reader`. */
function ascii(name: string): string {
  const letters = name.normalize('NFD').replace(/[^a-z]/gi, '');
  return letters.length > 1 ? letters.toLowerCase() : 'reader';
}

/** Small numbers are likelier, as in life. */
function count(random: () => number, most: number): number {
  return Math.floor(random() ** 3 * most);
}

function pick<Value>(values: readonly Value[], random: () => number): Value {
  return values[Math.floor(random() * values.length)] as Value;
}

function hex32(random: () => number): string {
  return Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}

/** Uniform numbers in [0, 1) for one id: the counter-based mixer of SplitMix, folded to 32 bits (murmur3 finalizer). */
function randomFrom(id: number, seed: number): () => number {
  let state = mix(mix(seed) ^ mix(id % 2 ** 32) ^ Math.floor(id / 2 ** 32));
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return mix(state) / 2 ** 32;
  };
}

function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
