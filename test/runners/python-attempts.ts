/** Attempts of Python components: containers as KFP's compiler writes them. */
import type { Attempt } from '../../engine/ports.ts';
import type { ContainerSpec, JsonValue, ParameterType } from '../../spec/index.ts';
import { attemptOf, type AttemptDraft } from './attempts.ts';

const launcher = `program_path=$(mktemp -d)

printf "%s" "$0" > "$program_path/ephemeral_component.py"
_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main                         --component_module_path                         "$program_path/ephemeral_component.py"                         "$@"
`;

/** The line that KFP 2.17 writes to install packages. */
export function installLine(...commands: readonly string[]): string {
  return `
if ! [ -x "$(command -v pip)" ]; then
    python3 -m ensurepip || python3 -m ensurepip --user || apt-get install python3-pip
fi

PIP_DISABLE_PIP_VERSION_CHECK=1 ${commands.join('  &&  ')} && "$0" "$@"
`;
}

export function pipInstall(...words: readonly string[]): string {
  return `python3 -m pip install --quiet --no-warn-script-location ${words.join(' ')}`;
}

/** Makes the container of a lightweight component. @param source begins with `def`; the function is called `f` */
export function pythonContainer(source: string, install?: string, image = 'python:3.11'): ContainerSpec {
  const header = '\nimport kfp\nfrom kfp import dsl\nfrom kfp.dsl import *\nfrom typing import *\n\n';
  return {
    image,
    command: [
      ...(install === undefined ? [] : ['sh', '-c', install]),
      'sh',
      '-ec',
      launcher,
      `${header}${source}\n`,
    ],
    args: ['--executor_input', '{{$}}', '--function_to_execute', 'f'],
  };
}

export interface PythonDraft extends Omit<AttemptDraft, 'code' | 'returns'> {
  readonly source: string;
  readonly install?: string;
  readonly image?: string;
  /** Output parameters. @default one, `Output`, a STRING */
  readonly returns?: Readonly<Record<string, ParameterType>>;
  readonly number?: number;
}

/** Makes an attempt of a Python component. */
export async function pythonAttemptOf(draft: PythonDraft): Promise<Attempt> {
  const { source, install, image, number = 1, ...rest } = draft;
  const { identity: _, ...attempt } = await attemptOf({
    code: 'sha256:none',
    returns: { Output: 'STRING' },
    ...rest,
  });
  const container = pythonContainer(source, install, image);
  return { ...attempt, number, container: { ...container, ...(draft.env && { env: draft.env }) } };
}

export function outputOf(outcome: { readonly kind: string }): JsonValue | undefined {
  if (outcome.kind !== 'succeeded') throw new Error(JSON.stringify(outcome));
  return (outcome as { output?: { parameterValues?: Record<string, JsonValue> } }).output?.parameterValues?.[
    'Output'
  ];
}
