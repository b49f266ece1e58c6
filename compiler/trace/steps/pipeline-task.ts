/** A pipeline that another one calls as a task. */
import type { Location } from '../../../errors/index.ts';
import type { Diagnostics } from '../../diagnostics.ts';
import type { ComponentInterface } from '../../interfaces/component-interface.ts';
import type { OptionReader } from '../../options/option-reader.ts';
import { settingOf } from '../../options/passthroughs.ts';
import type { TaskSettings } from '../../options/task-settings.ts';
import type { TracedPipeline, Work } from '../traced-task.ts';

/** What a pipeline takes and gives, as a component's interface says it. */
export function interfaceOfPipeline(pipeline: TracedPipeline): ComponentInterface {
  return {
    name: pipeline.name,
    file: pipeline.place.file,
    inputs: pipeline.parameters,
    outputs: [...pipeline.outputs].flatMap(([name, { type }]) =>
      type === undefined ? [] : [{ name, type, optional: false }],
    ),
  };
}

/** The options that a component with task config passthroughs may only be given where it lists them. */
const passed: readonly (readonly [string, (settings: TaskSettings) => boolean])[] = [
  ['RESOURCES', ({ resources }) => Object.keys(resources).length > 0],
  ['ENV', ({ env }) => Object.keys(env).length > 0],
  ['KUBERNETES_TOLERATIONS', ({ kubernetes }) => 'tolerations' in kubernetes],
  ['KUBERNETES_NODE_SELECTOR', ({ kubernetes }) => 'nodeSelector' in kubernetes],
  ['KUBERNETES_AFFINITY', ({ kubernetes }) => 'nodeAffinity' in kubernetes || 'podAffinity' in kubernetes],
  [
    'KUBERNETES_VOLUMES',
    ({ kubernetes }) =>
      ['pvcMount', 'secretAsVolume', 'configMapAsVolume'].some((field) => field in kubernetes),
  ],
];

/** Reports settings that a component neither applies nor hands on: KFP would drop them. */
export function refuseUnlisted(
  work: Work,
  name: string,
  settings: TaskSettings,
  place: () => Location,
  diagnostics: Diagnostics,
): void {
  const passthroughs =
    work.kind === 'component'
      ? work.settings.passthroughs
      : work.kind === 'loaded'
        ? (work.loaded.single?.component.taskConfigPassthroughs ?? [])
        : [];
  if (passthroughs.length === 0) return;
  const listed = new Set(passthroughs.map(({ field }) => field));
  for (const [field, given] of passed)
    if (!listed.has(field) && given(settings))
      diagnostics.add('FER2036', {
        at: place(),
        problem: `"${name}" hands on settings of its task, and ${settingOf(field)} is not among them: it would be lost`,
        fix:
          work.kind === 'loaded'
            ? 'leave it out, or compile the component with it'
            : `add '${settingOf(field)}' to its taskConfigPassthroughs`,
      });
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
