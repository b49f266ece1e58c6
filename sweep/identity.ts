/** What a sweep is called: the same description of the same pipeline has the same name, so that it goes on where it was. */
import { digestOfJson, hexOf, type CompiledPipeline } from '../spec/index.ts';
import { essenceOf, type SweepPlan } from './plan.ts';

/** Names a sweep by its pipeline and a digest of what it searches. @param edition tells it from others like it */
export function sweepIdOf(compiled: CompiledPipeline, plan: SweepPlan, edition = ''): string {
  const digest = hexOf(digestOfJson({ compiled, plan: essenceOf(plan), edition }));
  const name = compiled.spec.pipelineInfo.name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return `sweep-${name.slice(0, 30).replace(/-+$/, '')}-${digest.slice(0, 8)}`;
}

/** Names the run of a trial on a rung: whoever makes it, it is made once. */
export function runIdOf(sweepId: string, trial: number, rung: number): string {
  return `${sweepId}-${String(trial).padStart(3, '0')}${rung === 0 ? '' : `-r${rung}`}`;
}
