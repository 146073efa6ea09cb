import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { PageSource } from '../../page/view';
import { type ServedPage, servePage } from './serve';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A person at a browser. */
export class Visitor {
  /** The pages that are being served; a test may end one and serve another. */
  readonly served: ServedPage[] = [];
  /** Errors in the console (violations of the policy among them), uncaught errors, and requests to anywhere else. */
  complaints: string[] = [];
  private context: BrowserContext | undefined;

  private constructor(private readonly browser: Browser) {}

  static async launch(): Promise<Visitor> {
    return new Visitor(await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGUMENTS }));
  }

  async open(source: PageSource, hash = '', viewport = { width: 1280, height: 900 }): Promise<Page> {
    // A page that was opened before would go on asking, and complain once nobody answers.
    await this.context?.close();
    const site = await servePage(source);
    this.served.push(site);
    const page = await this.newPage(viewport, site.origin);
    await page.goto(`${site.origin}/${hash}`);
    return page;
  }

  /** A page that another process serves. */
  async visit(origin: string, viewport = { width: 1280, height: 900 }): Promise<Page> {
    await this.context?.close();
    const page = await this.newPage(viewport, origin);
    await page.goto(`${origin}/`);
    return page;
  }

  /** A document from disk, which may fetch nothing else. */
  async openFile(path: string, viewport = { width: 1280, height: 900 }): Promise<Page> {
    await this.context?.close();
    const page = await this.newPage(viewport, `file://${path}`);
    await page.goto(`file://${path}`);
    return page;
  }

  private async newPage(viewport: { readonly width: number; readonly height: number }, origin: string): Promise<Page> {
    this.complaints = [];
    this.context = await this.browser.newContext({ viewport, timezoneId: 'UTC' });
    const page = await this.context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('request', (request) => {
      const isInline = request.url().startsWith('data:image/');
      if (!isInline && !request.url().startsWith(origin)) this.complaints.push(`request to ${request.url()}`);
    });
    return page;
  }

  async leave(): Promise<void> {
    await this.context?.close();
    await Promise.all(this.served.splice(0).map((page) => page.close()));
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** Resolves when `expected` is what `read` gives; the page moves by its own polling. */
export async function eventually<T>(read: () => Promise<T>, expected: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const value = await read();
    if (expected(value)) return value;
    if (Date.now() > deadline) throw new Error(`Expected something else to appear, got ${JSON.stringify(value)}.`);
    // What a listener counts arrives between two turns of the event loop, and `read` may not leave this one.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
