import { containerOf, type TaskNode } from '../graph/graph.ts';
import type { ResolvedInputs } from '../graph/resolve.ts';
import type { CompiledPipeline } from '../../spec/index.ts';
import type { KeyQuestion } from '../cache/cache-key.ts';
import { pinned } from '../cache/image-pin.ts';
import type { EnginePorts, Making } from '../ports.ts';
import { withTaskConfig } from '../task-config.ts';

/**
 * Finds what a task would run, on what, and where: all that its cache key asks for.
 * @param making as for `Runner.environmentOf`
 */
export async function prepareTask(
  node: TaskNode,
  { inputs: given, runScoped }: Extract<ResolvedInputs, { kind: 'resolved' }>,
  compiled: CompiledPipeline,
  { runner, outsideData }: Pick<EnginePorts, 'runner' | 'outsideData'>,
  making: Making | undefined,
): Promise<KeyQuestion> {
  const written = containerOf(compiled.spec, node);
  const environment = await runner.environmentOf?.(written, making);
  const image = environment === undefined ? await pinned(written, given, runner) : written;
  const told = { container: image, inputs: given };
  const { container, inputs } = await withTaskConfig(node, told, compiled, runner);
  const platform = runner.platformFor?.(container) ?? runner.platform;
  return { node, container, environment, inputs, runScoped, platform, outsideData };
}
