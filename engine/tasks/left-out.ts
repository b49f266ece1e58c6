/** Tells what of a pipeline's platform settings means nothing to the runner of a run. */
import type { CompiledPipeline } from '../../spec/index.ts';
import { executorOf } from '../graph/graph.ts';
import { kubernetesSettingsOf } from './kubernetes-settings.ts';
import type { NewEvent } from '../graph/machine.ts';
import type { ArtifactStore, Runner } from '../ports.ts';
import { appliedSettings } from '../task-config.ts';

/** Makes one warning for each setting that is left out: it names the components, however many tasks they have. */
export function leftOutWarnings(compiled: CompiledPipeline, runner: Runner): readonly NewEvent[] {
  const users = new Map<string, string[]>();
  for (const [name, component] of Object.entries(compiled.spec.components ?? {})) {
    const container = executorOf(compiled.spec, component)?.container;
    if (container === undefined) continue;
    const settings = appliedSettings(component, kubernetesSettingsOf(component.executorLabel, compiled));
    for (const setting of runner.leavesOut?.(container, settings) ?? [])
      users.set(setting, [...(users.get(setting) ?? []), shown(name)]);
  }
  return [...users].map(([setting, components]) => ({
    kind: 'warning',
    code: 'FER4018',
    message: `${setting} is left out here: it says something of pods (${components.join(', ')})`,
  }));
}

/**
 * Warns where the pipeline names a root of its own that is another than this run's. A root holds the runs and the cache of
 * a project, and not only data: which one it is, is for whoever runs the pipeline to say.
 */
export function rootWarning(
  { spec }: CompiledPipeline,
  { artifacts }: { readonly artifacts: Pick<ArtifactStore, 'locate'> },
): readonly NewEvent[] {
  const named = spec.defaultPipelineRoot?.replace(/\/+$/, '') ?? '';
  if (named === '' || rootOf({ artifacts }) === named) return [];
  const message = `the root that the pipeline names, ${named}, is not that of this run: put the run there with --root ${named}`;
  return [{ kind: 'warning', code: 'FER4018', message }];
}

/** Names the root of a run: a path, or the URI of a bucket. */
export function rootOf({ artifacts }: { readonly artifacts: Pick<ArtifactStore, 'locate'> }): string {
  return artifacts.locate('runs').replace(/\/runs$/, '');
}

function shown(component: string): string {
  return component.replace(/^comp-/, '');
}
