import { readIdentity, type ComponentIdentity, type ContainerSpec } from '../spec/index.ts';

const read = new WeakMap<ContainerSpec, { readonly identity: ComponentIdentity | undefined }>();

/** Reads the identity of a container, once: its arguments may hold the whole code of a component. */
export function identityOf(container: ContainerSpec): ComponentIdentity | undefined {
  const known = read.get(container);
  if (known !== undefined) return known.identity;
  const identity = readIdentity(container);
  read.set(container, { identity });
  return identity;
}
