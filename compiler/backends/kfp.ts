/**
 * What KFP's own backend could not run of a task. Source: backend/src/v2 of Kubeflow Pipelines (argocompiler/dag.go, driver/util.go,
 * driver/resolve.go, component/launcher_v2.go, component/importer_launcher.go).
 */
import type { ContainerSpec, TaskSpec } from '../../spec/index.ts';
import type { NotedTask } from './noted-task.ts';

/** Lists the reasons, one sentence each; empty where the backend runs the task. */
export function kfpReasons({ task, component, executor, settings }: NotedTask): string[] {
  const { container, importer } = executor ?? {};
  const uri = importer?.artifactUri.runtimeParameter;
  return [
    ...when(
      task.artifactIterator !== undefined,
      'it is a loop over artifacts, which the backend has not implemented: loop over parameters that say what to read',
    ),
    ...when(
      importer !== undefined && task.triggerPolicy?.condition !== undefined,
      'it is an importer with a condition of its own, which the backend refuses: put it into a group with other tasks',
    ),
    ...when(
      uri !== undefined &&
        task.inputs?.parameters?.[uri]?.componentInputParameter === undefined &&
        task.inputs?.parameters?.[uri] !== undefined,
      'the URI of the importer does not come straight from an input of the pipeline, and the backend resolves no other',
    ),
    ...when(
      executor?.resolver !== undefined || executor?.customJob !== undefined,
      'it is a resolver or a custom job, which the backend does not run',
    ),
    ...when(
      component.dag === undefined && hasFinalStatus(task) && (task.dependentTasks?.length ?? 0) > 1,
      'it takes the final status of one of several tasks that it waits for, and the backend looks at the first alone',
    ),
    ...when(
      settings?.['initContainers'] !== undefined || settings?.['podResourceClaims'] !== undefined,
      'its init containers or resource claims need a backend that is newer than KFP 2.17',
    ),
    ...inputReasons(task),
    ...(container === undefined ? [] : containerReasons(container)),
  ];
}

function hasFinalStatus(task: TaskSpec): boolean {
  return Object.values(task.inputs?.parameters ?? {}).some(
    ({ taskFinalStatus }) => taskFinalStatus !== undefined,
  );
}

/** Placeholders of the run that the backend fills in where they are the whole value, and not inside a text. */
const runFact = /\{\{\$\.pipeline_[a-z_]+\}\}/;

function inputReasons(task: TaskSpec): string[] {
  return Object.entries(task.inputs?.parameters ?? {}).flatMap(([name, { runtimeValue }]) => {
    const text = runtimeValue?.constant;
    return when(
      typeof text === 'string' && runFact.test(text) && text.replace(runFact, '') !== '',
      `its input "${name}" has a fact of the run inside a longer text, and the backend fills in such facts only where they are the whole value`,
    );
  });
}

function containerReasons({ image, command = [], args = [], env = [] }: ContainerSpec): string[] {
  const items = [...command, ...args];
  const structures = items.filter((item) => /^\s*\{\s*"(?:Concat|IfPresent)"\s*:/.test(item));
  // The source of a program may hold anything that looks like a placeholder.
  const texts = items.filter((item) => !item.includes('\n'));
  return [
    ...when(
      structures.some((item) => item.includes('"Concat"')),
      'its command has a Concat, which the backend hands to the program as it is written: join the texts in the program',
    ),
    ...when(
      structures.some((item) => item.includes('"IfPresent"') && item.includes('$.outputs')),
      'its command has an IfPresent with an output in it, which the backend hands to the program as it is written',
    ),
    ...when(
      structures.some((item) => isNestedIf(item)),
      'its command has an IfPresent with placeholders of a structure in it, which the backend refuses',
    ),
    ...when(
      texts.some((text) => /\{\{\$\.(?:inputs|outputs)\.artifacts\[[^\]]*\]\.metadata/.test(text)),
      "its command speaks of an artifact's metadata, which the backend does not fill in",
    ),
    ...when(
      texts.some((text) => text.includes('{{$.outputs.output_file}}')),
      'its command speaks of outputs.output_file, which the backend does not fill in',
    ),
    ...when(
      env.some(({ value }) => value?.includes('{{$') === true),
      'a variable of its environment has a placeholder, and the backend hands variables on as they are written',
    ),
    ...when(
      image.includes('{{$') && !/^\{\{\$\.inputs\.parameters\['[^']*'\]\}\}$/.test(image),
      'its image is put together of several texts, and the backend takes the first parameter for all of it',
    ),
  ];
}

/** Whether the branches of an IfPresent hold more than texts. */
function isNestedIf(item: string): boolean {
  const branches = /"(?:Then|Else)"\s*:\s*(?:\[[^\]]*)?\{\s*"(?:Concat|IfPresent)"/;
  return /^\s*\{\s*"IfPresent"/.test(item) && branches.test(item);
}

function when(holds: boolean, reason: string): string[] {
  return holds ? [reason] : [];
}
