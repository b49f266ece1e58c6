import { component, container, executorInput, pipeline, run } from 'ferrule';

export const box = container(() => ({
  image: 'busybox',
  args: [run.name, run.id, `${run.root}/x`, executorInput, run.outputFile],
}));

interface Facts {
  readonly a: string;
  readonly b: string;
  readonly c: string;
  readonly d: string;
  readonly e: string;
  readonly f: string;
  readonly g: string;
  readonly h: string;
}

export const step = component({ image: 'a' }, (_inputs: Facts) => {});

export default pipeline('run-facts', { text: 't' }, ({ text }) => {
  box();
  step({
    a: run.name,
    b: run.resourceName,
    c: run.id,
    d: run.taskName,
    e: run.taskId,
    f: run.createTime,
    g: run.scheduleTime,
    h: `${run.root}/${text}`,
  });
});
