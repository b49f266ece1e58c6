/** Keeps the values of secrets out of specs. */
import type { Diagnostics } from '../diagnostics.ts';
import { textsOfCondition } from '../trace/flow/condition.ts';
import { groupsIn, type InnerGroup } from '../trace/flow/traced-group.ts';
import { ParameterHole, type KubernetesValue } from './kubernetes/settings.ts';
import {
  componentTasks,
  everyTask,
  type TracedPipeline,
  type TracedTask,
  textsIn,
} from '../trace/traced-task.ts';

/** From this length on, a secret is also found inside a longer text: a short one would be found by chance. */
const findableInside = 8;

/** Reports environment values, inputs and defaults that hold the value of a variable named as secret. */
export function checkSecrets(
  pipeline: TracedPipeline,
  env: Readonly<Record<string, string | undefined>>,
  diagnostics: Diagnostics,
): void {
  const tasks = everyTask(pipeline);
  const names = [...new Set(componentTasks(pipeline).flatMap(({ work }) => work.settings.secretEnv))];
  const secretIn = (text: string): string | undefined =>
    names.find((name) => {
      const secret = env[name] ?? '';
      return secret !== '' && (text === secret || (secret.length >= findableInside && text.includes(secret)));
    });
  if (names.length === 0) return;
  for (const task of tasks)
    for (const { what, text } of textsOf(task)) {
      const name = secretIn(text);
      if (name === undefined) continue;
      diagnostics.add('FER2020', {
        at: task.place(),
        problem: `${what} would write the value of the secret "${name}" into the spec`,
        fix: `leave it out: secretEnv: ['${name}'] hands it to the component when it runs`,
      });
    }
  const bodies = [pipeline, ...tasks.flatMap(({ work }) => (work.kind === 'pipeline' ? work.pipeline : []))];
  for (const group of bodies.flatMap(({ body }) => groupsIn(body)))
    for (const { what, text } of textsOfGroup(group)) {
      const name = secretIn(text);
      if (name === undefined) continue;
      diagnostics.add('FER2020', {
        at: group.place(),
        problem: `${what} would write the value of the secret "${name}" into the spec`,
        fix: 'let a component compare or repeat: it is handed the secret when it runs',
      });
    }
  for (const parameter of pipeline.parameters) {
    const name = secretIn(JSON.stringify(parameter.default ?? '').replaceAll(/^"|"$/g, ''));
    if (name === undefined) continue;
    diagnostics.add('FER2020', {
      problem: `the default of the parameter "${parameter.name}" would write the value of the secret "${name}" into the spec`,
      fix: `leave it out: secretEnv: ['${name}'] hands it to the component when it runs`,
    });
  }
}

function textsOf(task: TracedTask): { readonly what: string; readonly text: string }[] {
  const { work, options, component } = task;
  const settings = work.kind === 'component' || work.kind === 'container' ? work.settings.env : {};
  const env = Object.entries({ ...settings, ...options.env });
  const said = (what: string, texts: readonly string[]) => texts.map((text) => ({ what, text }));
  return [
    ...env.map(([variable, text]) => ({ what: `the variable "${variable}"`, text })),
    ...(work.kind === 'container'
      ? said(`the command of "${component.name}"`, [...work.settings.command, ...work.settings.args])
      : []),
    ...(work.kind === 'importer'
      ? said(`the metadata of "${task.name}"`, [JSON.stringify(work.settings.metadata)])
      : []),
    ...said(`the option "kubernetes" of "${task.name}"`, textsOfSettings(options.kubernetes)),
    ...[...task.inputs].flatMap(([name, binding]) =>
      binding.kind === 'ref'
        ? []
        : said(`the input "${name}" of "${component.name}"`, textsIn(binding.value)),
    ),
  ];
}

function textsOfGroup(group: InnerGroup): { readonly what: string; readonly text: string }[] {
  if (group.kind === 'condition')
    return group.conditions
      .flatMap((condition) => textsOfCondition(condition))
      .map((text) => ({ what: 'the condition', text }));
  if (group.kind !== 'loop' || group.items.kind !== 'constant') return [];
  return group.items.values.map((value) => ({
    what: 'the list of the loop',
    text: typeof value === 'string' ? value : JSON.stringify(value),
  }));
}

function textsOfSettings(value: KubernetesValue): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || value instanceof ParameterHole) return [];
  return Object.values(value).flatMap((field: KubernetesValue) => textsOfSettings(field));
}
