/** What runs although other tasks failed, and values that leave the body of an exit handler. */
import { writeFile, readFile } from 'node:fs/promises';
import {
  collect,
  component,
  forEach,
  onExit,
  oneOf,
  pipeline,
  required,
  TaskError,
  when,
  type Dataset,
  type FinalStatus,
  type Int,
} from 'ferrule';

export const risk = component({}, ({ fails }: { fails: boolean }): Int => {
  if (fails) throw new TaskError('as told');
  return 1;
});
export const look = component(
  {},
  ({ n = 7, status }: { n?: Int; status: FinalStatus }): string => `${n} ${status.state}`,
);
export const file = component(
  {},
  async ({ text }: { text: string }, out: { data: Dataset }): Promise<void> => {
    await writeFile(out.data.path, text);
  },
);
export const read = component(
  {},
  async ({ data, all }: { data: Dataset; all: readonly Dataset[] }): Promise<string> =>
    `${await readFile(data.path, 'utf8')} ${all.length}`,
);
export const told = component({}, ({ status }: { status: FinalStatus }): string => {
  const { state, pipelineTaskName, error } = status;
  console.log(`told: ${state} ${pipelineTaskName} ${error.message ?? 'no error'}`);
  return state;
});

export const careful = pipeline('careful', { fails: required<boolean>() }, ({ fails }) => {
  const end = told();
  const body = onExit(end, () => {
    const risked = risk({ fails });
    return look({ n: risked.outputs.Output }, { ignoreUpstreamFailure: true });
  });
  return { seen: body.outputs.Output };
});

export default pipeline('endings', { fails: false }, ({ fails }) => {
  const end = told();
  const body = onExit(end, () => {
    const branches = when(fails, () => file({ text: 'on' })).otherwise(() => file({ text: 'off' }));
    const loop = forEach([1, 2], (n) => file({ text: `${n}` }));
    return {
      one: oneOf(branches).data,
      all: collect(loop).data,
      seen: careful({ fails }).outputs.seen,
    };
  });
  const last = read({ data: body.one, all: body.all });
  return { last: last.outputs.Output, seen: body.seen };
});
