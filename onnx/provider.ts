import { messageOf } from '../errors/index.ts';
import { graphBuilder } from './builder.ts';
import { modelOf } from './model.ts';
import { openSession } from './session.ts';
import { writeModel } from './write-model.ts';

/** Where graphs run. */
export type Provider = 'cuda' | 'cpu';

/** The provider that was chosen, and why it is not the faster one. */
export type ProviderChoice =
  | { readonly provider: 'cuda' }
  | { readonly provider: 'cpu'; readonly reason: string };

/**
 * Chooses where to run: CUDA where a small graph really runs on it, else the CPU with the reason. Whoever calls this
 * shows the choice to the user: training never falls back in silence.
 * @param wanted 'cpu' skips the attempt
 */
export async function chooseProvider(wanted: 'auto' | Provider = 'auto'): Promise<ProviderChoice> {
  if (wanted === 'cpu') return { provider: 'cpu', reason: 'the CPU was asked for' };
  try {
    const session = await openSession(writeModel(modelOf(probe())), { provider: 'cuda' });
    await session.run({ x: { data: Float32Array.from([1]), dims: [1] } });
    await session.close();
    return { provider: 'cuda' };
  } catch (error) {
    if (wanted === 'cuda') throw error;
    const root = error instanceof Error && error.cause !== undefined ? error.cause : error;
    const [line = ''] = messageOf(root).split('\n');
    return { provider: 'cpu', reason: `CUDA is not available (${line})` };
  }
}

function probe(): ReturnType<ReturnType<typeof graphBuilder>['graph']> {
  const graph = graphBuilder('probe');
  graph.output('y', graph.op('Add', [graph.input('x', 'float32', [1]), graph.float(1)]));
  return graph.graph();
}
