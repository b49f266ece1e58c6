import { component, int, onExit, pipeline, type FinalStatus, type Int } from 'ferrule';

export const fail = component({}, async ({ n }: { readonly n: Int }): Promise<Int> => {
  throw new RangeError(n === 1 ? 'the sea is rough' : 'the sea is calm');
});

export const work = component({}, async ({ n }: { readonly n: Int }): Promise<Int> => n + 1);

export const report = component({}, async ({ status }: { readonly status: FinalStatus }): Promise<string> => {
  const reason = status.error.message?.split('Error: ').at(-1);
  return `${status.pipelineTaskName} ${status.state}: ${reason}`;
});

export default pipeline('exit-failure', {}, () => {
  onExit(report({}), () => {
    const failed = fail({ n: int(1) });
    work({ n: failed.outputs.Output });
  });
});
