/** The inputs and outputs of containers and loaded components, from the two type arguments that declare them. */
import type { CallExpression, TypeNode } from 'ts-morph';
import type { ComponentForm } from '../source-pass/user-module.ts';
import { checkedMembers, type Checked, type CheckedPorts } from './checked-types.ts';
import type { Port } from './component-interface.ts';
import { NeedsChecker } from './interface-fault.ts';
import { checkName, portOf, refuseList } from './ports.ts';
import type { TypeReader } from './type-reader.ts';

/** Reads ports off the type arguments of a call, and asks the checker where the syntax does not say enough. */
export function declaredPorts(
  call: CallExpression,
  form: ComponentForm,
  types: TypeReader,
): Checked<CheckedPorts> {
  const [inputType, outputType] = call.getTypeArguments();
  const inputs = portsOf(inputType, types);
  const outputs = portsOf(outputType, types);
  // A file that was compiled elsewhere may have names of any kind.
  if (form === 'container')
    for (const [type, ports] of [
      [inputType, inputs.found],
      [outputType, outputs.found],
    ] as const)
      for (const { name } of ports) if (type !== undefined) checkName(name, type);
  if (form === 'container' && outputType !== undefined)
    for (const { name, type } of outputs.found) refuseList(name, type, outputType);
  return {
    found: {
      inputs: inputs.found,
      outputs: outputs.found.map((port) => ({ ...port, optional: false })),
    },
    files: [...inputs.files, ...outputs.files],
  };
}

function portsOf(type: TypeNode | undefined, types: TypeReader): Checked<readonly Port[]> {
  if (type === undefined) return { found: [], files: [] };
  try {
    const found = types.members(type).map((member) => portOf(member, types.port(member.type)));
    return { found, files: [] };
  } catch (error) {
    if (error instanceof NeedsChecker) return checkedMembers(type);
    throw error;
  }
}
