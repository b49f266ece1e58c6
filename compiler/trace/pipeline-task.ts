/** A pipeline that another one calls as a task. */
import type { ComponentInterface } from '../interfaces/component-interface.ts';
import type { OptionReader } from '../options/option-reader.ts';
import type { TaskSettings } from '../options/task-settings.ts';
import type { TracedPipeline } from './traced-task.ts';

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

/** Reports options that a pipeline as a task cannot have: they are those of one container. */
export function refuseForPipelines(settings: TaskSettings, reader: OptionReader): void {
  const given = [
    ...(settings.retry === undefined ? [] : ['retry']),
    ...(settings.timeout === undefined ? [] : ['timeout']),
    ...(settings.salt === undefined ? [] : ['cache']),
    ...(Object.keys(settings.env).length === 0 ? [] : ['env']),
    ...Object.keys(settings.resources),
  ];
  for (const option of given) reader.fault(option, 'is none of a pipeline', 'give it to the tasks inside');
}
