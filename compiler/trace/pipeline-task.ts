/** A pipeline that another one calls as a task. */
import type { ComponentInterface } from '../interfaces/component-interface.ts';
import type { OptionReader } from '../options/option-reader.ts';
import type { TaskSettings } from '../options/task-settings.ts';
import type { TracedPipeline, Work } from './traced-task.ts';

/** What a pipeline takes and gives, as a component's interface says it. */
export function interfaceOfPipeline(pipeline: TracedPipeline): ComponentInterface {
  return {
    name: pipeline.name,
    file: pipeline.place.file,
    inputs: pipeline.parameters.map((parameter) => ({
      ...parameter,
      optional: parameter.default !== undefined,
    })),
    outputs: [...pipeline.outputs].flatMap(([name, { type }]) =>
      type === undefined ? [] : [{ name, type, optional: false }],
    ),
  };
}

/** Reports options that a task without a container of its own cannot have. */
export function refuseWithoutContainer(work: Work, settings: TaskSettings, reader: OptionReader): void {
  const what =
    work.kind === 'importer'
      ? 'an importer'
      : work.kind === 'pipeline' || (work.kind === 'loaded' && work.loaded.single === undefined)
        ? 'a pipeline'
        : undefined;
  if (what === undefined) return;
  const given = [
    ...(settings.retry === undefined || what === 'an importer' ? [] : ['retry']),
    ...(settings.timeout === undefined ? [] : ['timeout']),
    ...(settings.salt === undefined ? [] : ['cache.salt']),
    ...(settings.image === undefined ? [] : ['image']),
    ...(Object.keys(settings.env).length === 0 ? [] : ['env']),
    ...(Object.keys(settings.kubernetes).length === 0 ? [] : ['kubernetes']),
    ...Object.keys(settings.resources),
  ];
  const fix = what === 'a pipeline' ? 'give it to the tasks inside' : 'it runs no container: leave it out';
  for (const option of given) reader.fault(option, `is none of ${what}`, fix);
}
