/** Whether what tasks use of a run's shared folder is there, and which settings of inner pipelines count for nothing. */
import { workspaceMount } from '../../spec/index.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { LoadedComponent } from './steps/loaded-component.ts';
import { everyTask, textsIn, type TracedPipeline, type TracedTask } from './traced-task.ts';

/** Reports tasks that use the workspace of a pipeline that has none. */
export function checkWorkspace(pipeline: TracedPipeline, diagnostics: Diagnostics): void {
  if ('workspace' in pipeline.settings.config) return;
  const documents = new Map<LoadedComponent, string>();
  for (const task of everyTask(pipeline)) {
    const how = useOf(task, documents);
    if (how !== undefined)
      diagnostics.add('FER2040', {
        at: task.place(),
        problem: `"${task.name}" ${how}, and the pipeline "${pipeline.name}" has no workspace`,
        fix: `give it one: pipeline({ name: '${pipeline.name}', workspace: { size: '10Gi' } }, ...)`,
      });
  }
}

/** Tells, one sentence a pipeline, which settings of the pipelines inside a pipeline are left out. */
export function settingsLeftOut(pipeline: TracedPipeline): string[] {
  const all = everyTask(pipeline).flatMap(({ component: { name }, work }) => {
    const left =
      work.kind === 'pipeline'
        ? [...Object.keys(work.pipeline.settings.config), ...(work.pipeline.settings.root ? ['root'] : [])]
        : work.kind === 'loaded'
          ? [
              ...Object.keys(work.loaded.document.platform?.platforms.kubernetes?.pipelineConfig ?? {}),
              ...(work.loaded.document.spec.defaultPipelineRoot === undefined ? [] : ['root']),
            ]
          : [];
    if (left.length === 0) return [];
    const words = left.map((field) => settings[field] ?? field).join(', ');
    return [
      `of the pipeline "${name}", which is a task, these count for nothing: ${words}; the outermost pipeline's do`,
    ];
  });
  return [...new Set(all)];
}

const settings: Readonly<Record<string, string>> = {
  resourceTtlOnCompletion: 'ttl.onCompletion',
  resourceTtlOnSuccess: 'ttl.onSuccess',
  resourceTtlOnFailure: 'ttl.onFailure',
  activeDeadlineSeconds: 'deadline',
};

const mount = new RegExp(String.raw`\{\{\$\.workspace_path\}\}|^${workspaceMount}(?:/|$)`);

function useOf({ inputs, work }: TracedTask, documents: Map<LoadedComponent, string>): string | undefined {
  if (work.kind === 'importer' && work.settings.downloadToWorkspace) return 'downloads to the workspace';
  const texts = [...inputs.values()].flatMap((binding) =>
    binding.kind === 'constant' ? textsIn(binding.value) : [],
  );
  const written =
    work.kind === 'container'
      ? [...work.settings.command, ...work.settings.args, ...Object.values(work.settings.env)]
      : work.kind === 'loaded'
        ? [textOf(work.loaded, documents)]
        : [];
  const uses = [...texts, ...written].some((text) => mount.test(text));
  const downloads = written.some((text) => text.includes('"downloadToWorkspace":true'));
  return uses ? 'uses the path of the workspace' : downloads ? 'downloads to the workspace' : undefined;
}

/** Writes a loaded document out, once. */
function textOf(loaded: LoadedComponent, documents: Map<LoadedComponent, string>): string {
  let text = documents.get(loaded);
  if (text === undefined) documents.set(loaded, (text = JSON.stringify(loaded.document.spec)));
  return text;
}
