import { collect, component, forEach, int, pipeline } from 'ferrule';
import { greet } from './greet.ts';

/** Joins lines. */
export const join = component({}, ({ lines }: { lines: readonly string[] }): string => lines.join('; '));

/**
 * Uses a component that was written in Python: `ferrule import greet.yaml` made greet.ts of it, with its types. The Python of
 * this machine runs it: FERRULE_PYTHON names one that has KFP.
 */
export default pipeline('python', { names: ['Ann', 'Ben'], times: int(2) }, ({ names, times }) => {
  const greeted = forEach(names, (name) => greet({ name, times }));
  return { greetings: join({ lines: collect(greeted).Output }).outputs.Output };
});
