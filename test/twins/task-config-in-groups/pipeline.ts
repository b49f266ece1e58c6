import { component, eq, forEach, pipeline, when, type TaskConfig } from 'ferrule';

export const launch = component(
  {
    image: 'a',
    taskConfigPassthroughs: ['resources', { field: 'env', applyToTask: true }, 'tolerations'],
  },
  (_inputs: { text: string; config: TaskConfig }) => {},
);

export default pipeline('task-config-in-groups', { memories: ['1Gi'], text: 'a' }, ({ memories, text }) => {
  forEach(memories, (memory) => {
    launch(
      { text },
      { memory, env: { A: 'b' }, kubernetes: { tolerations: [{ key: 'gpu', operator: 'Exists' }] } },
    );
    when(eq(text, 'a'), () => launch({ text: 'x' }, { cpu: 2 }));
  });
});
