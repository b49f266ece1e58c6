/** Components that make and delete volume claims on Kubernetes. The platform does the work: they run no container. */
import { UserError } from '../errors/index.ts';
import type { Step } from './container.ts';
import type { Args, Ref } from './values.ts';

export interface CreatePvcInputs {
  /** How it may be mounted, such as `['ReadWriteOnce']`. */
  readonly accessModes: readonly string[];
  /** Storage to ask for, such as `'5Gi'`. */
  readonly size: string;
  /** The claim's name. Either this or `pvcNameSuffix`. */
  readonly pvcName?: string;
  /** End of a name that begins with the run's. */
  readonly pvcNameSuffix?: string;
  /** The class that provides the volume; empty for a volume that exists. @default '' */
  readonly storageClassName?: string;
  /** A volume that exists, to be bound. */
  readonly volumeName?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** What to fill it from: `apiGroup`, `kind` and `name` of a snapshot or another claim. */
  readonly dataSource?: Readonly<Record<string, string>>;
}

export interface DeletePvcInputs {
  readonly pvcName: string;
}

/** Makes a volume claim. Its output `name` is for `kubernetes: { volumes: [{ claim, mountPath }] }` of other tasks. */
export const createPvc: Step<Args<CreatePvcInputs>, { readonly name: Ref<string> }> = () =>
  outside('createPvc');

/** Deletes a volume claim. Let it wait for the tasks that use the claim: `{ after: [train] }`. */
// oxlint-disable-next-line typescript/no-empty-object-type -- it gives nothing
export const deletePvc: Step<Args<DeletePvcInputs>, {}> = () => outside('deletePvc');

function outside(name: string): never {
  throw new UserError('FER2026', {
    problem: `${name} was called outside a pipeline that is compiled`,
    fix: 'call it inside pipeline(..., () => { ... })',
  });
}
