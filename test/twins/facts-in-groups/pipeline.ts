import { component, eq, forEach, onExit, pipeline, required, run, when } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export const inner = pipeline('inner', { text: required<string>() }, ({ text }) => {
  use({ text: run.taskName });
  use({ text });
});

export default pipeline('facts-in-groups', { text: 'a' }, ({ text }) => {
  const last = use({ text: run.resourceName });
  onExit(last, () => {
    forEach([1, 2], () => use({ text: `${run.taskId} ${text}` }));
    when(eq(text, 'a'), () => {
      use({ text: run.createTime });
      inner({ text: run.scheduleTime });
    });
  });
});
