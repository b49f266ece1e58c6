/**
 * Recognises the lightweight Python components of KFP 2 by their command: a line that installs packages, where there
 * is anything to install, and a line that writes the source to a file and calls KFP's executor with it.
 */
import type { ContainerSpec } from '../../../spec/index.ts';
import { shellTokens } from './shell-words.ts';

export interface PythonComponent {
  /** The module that runs it, such as `kfp.dsl.executor_main`. */
  readonly module: string;
  /** What each `pip install` is to install, with its options, in order. */
  readonly installs: readonly (readonly string[])[];
  /** Where the source stands in the container's command. */
  readonly sourceAt: number;
}

const read = new WeakMap<ContainerSpec, { readonly component: PythonComponent | undefined }>();

/** Reads a component from its container; undefined where the container is no such component. */
export function pythonComponentOf(container: ContainerSpec): PythonComponent | undefined {
  const known = read.get(container);
  if (known !== undefined) return known.component;
  const component = recognise(container.command ?? []);
  read.set(container, { component });
  return component;
}

function recognise(command: readonly string[]): PythonComponent | undefined {
  const [shell, flag, script = '', ...rest] = command;
  if (shell !== 'sh') return undefined;
  if (flag === '-ec') {
    const module = launchedModule(script);
    return module === undefined || rest.length !== 1 ? undefined : { module, installs: [], sourceAt: 3 };
  }
  if (flag !== '-c' || rest[0] !== 'sh' || rest[1] !== '-ec' || rest.length !== 4) return undefined;
  const module = launchedModule(rest[2] ?? '');
  const installs = installsOf(script);
  return module === undefined || installs === undefined ? undefined : { module, installs, sourceAt: 6 };
}

const launcher =
  /^program_path=\$\(mktemp -d\) printf "%s" "\$0" > "\$program_path\/ephemeral_component\.py" (?:_KFP_RUNTIME=true )?python3 -m (?<module>kfp\.(?:dsl|components)\.executor_main) --component_module_path "\$program_path\/ephemeral_component\.py" "\$@"$/;

function launchedModule(script: string): string | undefined {
  // Releases differ in blanks and line breaks.
  return launcher.exec(script.replaceAll(/\\?\s+/g, ' ').trim())?.groups?.['module'];
}

const withoutPip =
  /^\s*if ! \[ -x "\$\(command -v pip\)" \]; then\s+python3 -m ensurepip \|\| python3 -m ensurepip --user \|\| apt-get install python3-pip\s+fi\s/;

const thenRun = /&&\s*"\$0" "\$@"\s*$/;

/** KFP's own virtual environment, which the one that the component gets stands for. */
const virtualEnvironment =
  /export PIP_DISABLE_PIP_VERSION_CHECK=1\s+tmp=\$\(mktemp -d\)\s+python3 -m venv "\$tmp\/venv" --system-site-packages\s+\. "\$tmp\/venv\/bin\/activate"\s/;

/** Reads what a script installs; undefined where it does anything else. */
function installsOf(script: string): readonly (readonly string[])[] | undefined {
  if (!withoutPip.test(script) || !thenRun.test(script)) return undefined;
  const tokens = shellTokens(
    script.replace(withoutPip, '').replace(thenRun, '').replace(virtualEnvironment, ''),
  );
  if (tokens === undefined) return undefined;
  const commands: string[][] = [[]];
  for (const token of tokens)
    if (token.kind === 'word') commands.at(-1)?.push(token.text);
    else if (token.text === '&&' || token.text === '\n') commands.push([]);
    else return undefined;
  const installs: (readonly string[])[] = [];
  for (const words of commands) {
    if (words.length === 0) continue;
    const install = pipArguments(words);
    if (install === undefined) return undefined;
    installs.push(install);
  }
  return installs;
}

/** What only says how much pip prints. */
const quiet: ReadonlySet<string> = new Set(['--quiet', '-q', '--no-warn-script-location']);

function pipArguments(words: readonly string[]): readonly string[] | undefined {
  const rest = words[0] === 'PIP_DISABLE_PIP_VERSION_CHECK=1' ? words.slice(1) : words;
  if (rest.slice(0, 4).join(' ') !== 'python3 -m pip install') return undefined;
  const given = rest.slice(4).filter((word) => !quiet.has(word));
  for (const [at, word] of given.entries()) if (given[at - 1] === '--trusted-host') given[at] = hostOf(word);
  // A placeholder is filled in by what runs a container, not by pip.
  return given.some((word) => word.includes('{{$')) ? undefined : given;
}

/** KFP gives the index' whole URL, which pip does not know, or stumbles over, where it has a port. */
function hostOf(text: string): string {
  return URL.canParse(text) && text.includes('//') ? new URL(text).host : text;
}
