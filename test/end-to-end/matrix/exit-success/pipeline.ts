import { component, int, onExit, pipeline, type FinalStatus, type Int } from 'ferrule';

export const work = component({}, async ({ n }: { readonly n: Int }): Promise<Int> => n + 1);

export const report = component(
  {},
  async ({ what, status }: { readonly what: string; readonly status: FinalStatus }): Promise<string> => {
    if (status.error.message !== undefined) throw new Error(status.error.message);
    return `${what} ${status.pipelineTaskName} ${status.state}`;
  },
);

export default pipeline('exit-success', { what: 'ended' }, ({ what }) => {
  onExit(report({ what }), () => work({ n: int(1) }), { name: 'guarded' });
});
