import { UserError } from '../errors/index.ts';
import type { Model } from './model.ts';

/**
 * Checks that a model is well formed: names are made once and before they are used, outputs exist, every operator's set
 * is declared.
 * @throws UserError FER7005 naming the first thing that is wrong
 */
export function checkModel(model: Model): void {
  const { graph } = model;
  const wrong = (problem: string): UserError =>
    new UserError('FER7005', { problem: `the graph "${graph.name}" is malformed: ${problem}` });
  const made = new Set<string>();
  const make = (name: string): void => {
    if (made.has(name)) throw wrong(`"${name}" is made twice`);
    made.add(name);
  };
  for (const { name } of [...graph.inputs, ...graph.constants]) make(name);
  for (const node of graph.nodes) {
    if (model.opsets[node.domain] === undefined)
      throw wrong(`${node.op} comes from the operator set "${node.domain}", which is not declared`);
    const missing = node.inputs.find((name) => name !== '' && !made.has(name));
    if (missing !== undefined) throw wrong(`${node.op} uses "${missing}" before anything makes it`);
    for (const name of node.outputs) if (name !== '') make(name);
  }
  const absent = graph.outputs.find(({ name }) => !made.has(name));
  if (absent !== undefined) throw wrong(`nothing makes its output "${absent.name}"`);
}
