/** A component's inputs and outputs, from the function that it is. */
import type { Node, TypeNode } from 'ts-morph';
import { checkedPorts, type CheckedPorts } from './checked-types.ts';
import { defaultsOf, returnsValue, type Body } from './component-body.ts';
import { isFilled, type Port } from './component-interface.ts';
import type { FindConst } from './constants.ts';
import { InterfaceFault, NeedsChecker, supportedTypes } from './interface-fault.ts';
import type { Member, TypeReader } from './type-reader.ts';
import { valueFits, typeText } from './value-type.ts';

/** Reads a component's ports off the syntax, and asks the checker where that does not say enough. */
export function portsOf(body: Body, types: TypeReader) {
  const [inputs, outputs] = body.getParameters();
  if (inputs !== undefined && inputs.getTypeNode() === undefined) untyped(inputs);
  if (outputs !== undefined && outputs.getTypeNode() === undefined) untyped(outputs);
  try {
    const found: CheckedPorts = {
      inputs: membersOf(inputs?.getTypeNode(), types).map((member) =>
        portOf(member, types.port(member.type)),
      ),
      outputs: [
        ...membersOf(outputs?.getTypeNode(), types).map((member) => artifactPort(member, types)),
        ...returnedPorts(body, types),
      ],
    };
    return { found, files: [] };
  } catch (error) {
    if (error instanceof NeedsChecker) return checkedPorts(body);
    throw error;
  }
}

function artifactPort(member: Member, types: TypeReader): Port {
  const type = types.port(member.type);
  refuseList(member.name, type, member.type);
  if (type.kind === 'artifact') return portOf(member, type);
  throw new InterfaceFault(
    'FER2010',
    member.type,
    `the output "${member.name}" is no artifact`,
    'return it: what a component returns are its output parameters',
  );
}

/** Refuses a list of artifacts as an output: KFP has those of loops and pipelines only. */
export function refuseList(name: string, type: Port['type'], node: Node): void {
  if (type.kind !== 'artifact' || !type.list) return;
  throw new InterfaceFault(
    'FER2010',
    node,
    `the output "${name}" is a list of artifacts, which no step of KFP can give`,
    'give one artifact, which may be a folder; collect(...) makes a list of what a loop gives',
  );
}

/** Makes a port of a property. */
export function portOf({ name, optional, description }: Omit<Member, 'type'>, type: Port['type']): Port {
  return {
    name,
    type,
    // A run fills it: nobody can pass it.
    optional: optional || isFilled(type),
    ...(description !== undefined && { description }),
  };
}

/** An input with a default in the pattern need not be given. */
export function withDefaults(ports: readonly Port[], body: Body, findConst: FindConst): Port[] {
  const defaults = defaultsOf(body, findConst);
  return ports.map((port) => {
    const found = defaults.get(port.name);
    if (found === undefined) return port;
    const { value, node } = found;
    if (value === undefined) return { ...port, optional: true };
    if (port.type.kind === 'artifact' || !valueFits(value, port.type))
      throw new InterfaceFault(
        'FER2006',
        node,
        `the default of the input "${port.name}" is ${JSON.stringify(value)}, and its type is ${typeText(port.type)}`,
        'change the default or the type',
      );
    return { ...port, optional: true, default: value };
  });
}

function membersOf(type: TypeNode | undefined, types: TypeReader) {
  if (type === undefined) return [];
  const members = types.members(type);
  for (const { name, type: node } of members) checkName(name, node);
  return members;
}

/** Refuses a name that cannot be that of an input or output. */
export function checkName(name: string, node: Node): void {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return;
  throw new InterfaceFault(
    'FER2010',
    node,
    `"${name}" cannot name an input or output`,
    'use letters, digits and _',
  );
}

function untyped(node: Node): never {
  throw new InterfaceFault(
    'FER2010',
    node,
    `"${node.getText()}" has no type`,
    `annotate it: ${supportedTypes}`,
  );
}

function returnedPorts(body: Body, types: TypeReader): Port[] {
  const annotation = body.getReturnTypeNode();
  if (annotation === undefined) {
    if (returnsValue(body))
      throw new InterfaceFault(
        'FER2011',
        body,
        'the component returns a value, and does not say of what type',
        'annotate the return type: `): Promise<{ accuracy: number }> => {`; where it is to give nothing, put its body in braces',
      );
    return [];
  }
  const returned = types.awaited(annotation);
  if (['void', 'undefined', 'never'].includes(returned.getText())) return [];
  if (!types.isObject(returned)) return [{ name: 'Output', type: types.value(returned), optional: false }];
  return membersOf(returned, types).map((member) =>
    portOf({ ...member, optional: false }, types.value(member.type)),
  );
}
