import { buildCommand, buildRouteMap } from '@stricli/core';
import { type Context, exiting, words } from './command-parts';
import { devCommand } from './dev/dev-command';
import { doctorCommand } from './doctor/doctor-command';
import { budgetCommand, feedbackCommand, leftoversCommand, recipientCommand, tuneCommand } from './ledger-routes';
import { pageCommand, reportCommand, watchCommand } from './live/live-routes';
import { planCommand, previewCommand } from './plan/survey-commands';
import { itemCommand, runsCommand, showCommand } from './runs/look-routes';
import {
  compareCommand,
  pauseCommand,
  resumeCommand,
  retryCommand,
  startCommand,
  stopCommand,
} from './runs/operate-routes';
import { templatesCommand } from './templates/templates-command';

const completionCommand = buildCommand({
  loader: async () => exiting((await import('./completion')).completion),
  parameters: { positional: words({ placeholder: 'SHELL', brief: 'bash or zsh' }) },
  docs: {
    brief: 'prints what completes this command in a shell',
    fullDescription: `Prints what completes this command in a shell: for example, in ~/.bashrc,
  eval "$(worker-chains completion bash)"`,
  },
});

/** The commands. Each is loaded when it is called: those that look at a deployment need not load the engine. */
export const routes = buildRouteMap<string, Context>({
  routes: {
    dev: devCommand,
    plan: planCommand,
    preview: previewCommand,
    templates: templatesCommand,
    doctor: doctorCommand,
    page: pageCommand,
    watch: watchCommand,
    report: reportCommand,
    runs: runsCommand,
    show: showCommand,
    item: itemCommand,
    leftovers: leftoversCommand,
    feedback: feedbackCommand,
    recipient: recipientCommand,
    compare: compareCommand,
    start: startCommand,
    stop: stopCommand,
    resume: resumeCommand,
    pause: pauseCommand,
    tune: tuneCommand,
    retry: retryCommand,
    budget: budgetCommand,
    completion: completionCommand,
  },
  docs: {
    brief: 'Scheduled mass work on AWS, with nothing running in between.',
    fullDescription: `Scheduled mass work on AWS, with nothing running in between.

Each command explains itself with --help. Those that look at a deployment find
it by the tags of its state machine, with the usual AWS settings.`,
  },
});
