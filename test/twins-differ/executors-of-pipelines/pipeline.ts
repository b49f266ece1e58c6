import { component, pipeline, type Int } from 'ferrule';

export const op = component({ image: 'a' }, (_inputs: { n: Int }) => {});

export const inner = pipeline('inner', {}, () => {
  op({ n: 1 }, { cpu: 1 });
  op({ n: 2 }, { cpu: 2 });
  op({ n: 3 }, { cpu: 3 });
});

export default pipeline('executors-of-pipelines', {}, () => {
  op({ n: 8 }, { cpu: 8 });
  inner();
});
