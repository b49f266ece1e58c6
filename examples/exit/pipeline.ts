import { component, onExit, pipeline, type FinalStatus } from 'ferrule';

/** Says how the work before it ended. */
export const tell = component({}, ({ channel, status }: { channel: string; status: FinalStatus }) => {
  const { state, error } = status;
  console.log(`${channel}: ${state}${error.message === undefined ? '' : `, ${error.message}`}`);
});

/** Works, or fails, as it is told. */
export const work = component({}, ({ fail }: { fail: boolean }): string => {
  if (fail) throw new Error('it was told to');
  return 'done';
});

/** Tells how the work ended, also where it failed or was cancelled: try `--param fail=true`. */
export default pipeline('exit', { fail: false, channel: 'ops' }, ({ fail, channel }) => {
  const told = tell({ channel });
  const worked = onExit(told, () => work({ fail }), { name: 'all the work' });
  return { result: worked.outputs.Output };
});
