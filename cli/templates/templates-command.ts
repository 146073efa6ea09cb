import { buildCommand } from '@stricli/core';
import { exiting, flag, text, words } from '../command-parts';

export const templatesCommand = buildCommand({
  loader: async () => exiting((await import('./templates')).templates),
  parameters: {
    flags: {
      out: text('FILE', 'the module to write, .ts, .js or .mjs (DIRECTORY.compiled.ts)'),
      check: flag('writes nothing: fails where the module is not what the templates are'),
    },
    positional: words({ placeholder: 'DIRECTORY', brief: 'that of a mail' }),
  },
  docs: {
    brief: 'compiles the templates of a mail to a module that its job imports',
    customUsage: ['DIRECTORY [options]'],
    fullDescription: `Compiles the templates of a mail, Handlebars or MJML, to one module that a job
imports. Refuses what could print nothing or print something unescaped, by file
and line.

DIRECTORY holds mail.json, subject.hbs, html.hbs or html.mjml, and what else is
needed of text.hbs, layout.hbs, words.json, partials/ and a folder for each
other language: docs/templates.md.

Exit codes: 0 written, or as it should be; 1 the templates cannot be compiled,
or the module is not up to date; 2 the command line is wrong.`,
  },
});
