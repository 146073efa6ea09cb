import { UsageError } from './command-line';

/** With this as its first word, the program answers what may stand in place of the last one. */
export const COMPLETE = '__complete';

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_worker_chains() {
  local IFS=$'\\n'
  COMPREPLY=($(worker-chains ${COMPLETE} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _worker_chains worker-chains
`,
  zsh: `_worker_chains() {
  local -a proposals
  proposals=(\${(f)"$(worker-chains ${COMPLETE} "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#proposals} )); then compadd -- "\${(@)proposals}"; else _files; fi
}
compdef _worker_chains worker-chains
`,
};

/**
 * `worker-chains completion`. Answers the exit code.
 *
 * @throws UsageError where it knows no such shell
 */
export async function completion(_: object, shell: string): Promise<number> {
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined) throw new UsageError(`Expected the shell to be bash or zsh, got ${shell}.`);
  process.stdout.write(script);
  return 0;
}
