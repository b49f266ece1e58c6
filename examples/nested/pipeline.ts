import { component, int, pipeline, required, type Int } from 'ferrule';

/** Adds two numbers. */
export const add = component({}, ({ a, b }: { a: Int; b: Int }): Int => a + b);

/** Multiplies two numbers. */
export const multiply = component({}, ({ a, b }: { a: Int; b: Int }): Int => a * b);

/** Adds one, then doubles: a pipeline that others use as a task. */
export const addOneAndDouble = pipeline('add-one-and-double', { n: required<Int>() }, ({ n }) => {
  const added = add({ a: n, b: 1 });
  return { result: multiply({ a: added.outputs.Output, b: 2 }).outputs.Output };
});

/** Does it twice. */
export default pipeline('twice', { start: int(3) }, ({ start }) => {
  const first = addOneAndDouble({ n: start });
  const second = addOneAndDouble({ n: first.outputs.result });
  return { result: second.outputs.result };
});
