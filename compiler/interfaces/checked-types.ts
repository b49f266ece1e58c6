/** Reads interfaces through the type checker: for generics, Omit, mapped types and types of packages. */
import type { ComponentInterface } from './component-interface.ts';
import { InterfaceFault } from './interface-fault.ts';
import type { Body } from './read-interfaces.ts';

/** Asks the checker for a component's interface, and adds the files that it read to `opened`. */
export function checkedInterface(
  _head: Pick<ComponentInterface, 'name' | 'file' | 'description'>,
  body: Body,
  _opened: Set<string>,
): ComponentInterface {
  throw new InterfaceFault('FER2010', body, 'computed types are not supported yet', 'write the types out');
}
