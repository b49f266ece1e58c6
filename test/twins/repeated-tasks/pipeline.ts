import { component, int, pipeline, type Int } from 'ferrule';

export const addOne = component({ image: 'add' }, (_inputs: { x: Int }): Int => 1);

export default pipeline('repeated-tasks', { start: int(1) }, ({ start }) => {
  const first = addOne({ x: start });
  const second = addOne({ x: first.outputs.Output });
  addOne({ x: second.outputs.Output });
});
