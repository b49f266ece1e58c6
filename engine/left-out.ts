/** Tells what of a pipeline's platform settings means nothing to the runner of a run. */
import type { CompiledPipeline, PipelineSpec } from '../spec/index.ts';
import { executorOf } from './graph.ts';
import { kubernetesSettingsOf } from './kubernetes-settings.ts';
import type { NewEvent } from './machine.ts';
import type { Runner } from './ports.ts';

/** Makes one warning for each setting that is left out: it names the components, however many tasks they have. */
export function leftOutWarnings(compiled: CompiledPipeline, runner: Runner): readonly NewEvent[] {
  const users = new Map<string, string[]>();
  for (const [name, component] of Object.entries(compiled.spec.components ?? {})) {
    const container = executorOf(compiled.spec, component)?.container;
    if (container === undefined) continue;
    const settings = kubernetesSettingsOf(component.executorLabel, compiled);
    for (const setting of runner.leavesOut?.(container, settings) ?? [])
      users.set(setting, [...(users.get(setting) ?? []), shown(name)]);
  }
  return [...users].map(([setting, components]) => ({
    kind: 'warning',
    code: 'FER4018',
    message: `${setting} is left out here: it says something of pods (${components.join(', ')})`,
  }));
}

function shown(component: keyof NonNullable<PipelineSpec['components']> & string): string {
  return component.replace(/^comp-/, '');
}
