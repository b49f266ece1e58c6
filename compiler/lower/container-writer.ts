/** Writes the containers of components: image, command, and their identity in the arguments. */
import {
  executorCommand,
  writeIdentityArgs,
  type ComponentIdentity,
  type ContainerSpec,
} from '../../spec/index.ts';
import type { Bundle } from '../bundle/bundle-components.ts';
import { pinOf, readImageRecords, type ImageRecords } from '../bundle/image-records.ts';
import { lightweightCommand, lightweightPayload, nodeImage } from '../bundle/lightweight.ts';
import { recipeOf } from '../bundle/recipe.ts';
import type { CompileRequest } from '../compile-pipeline.ts';
import type { ComponentInterface } from '../interfaces/component-interface.ts';
import { interfaceKey } from '../trace/trace-pipeline.ts';
import type { ComponentTask } from '../trace/traced-task.ts';

/** A component that runs in an image of its own. */
export interface ComponentImage {
  /** As the component names it: a plain name, or a whole reference. */
  readonly name: string;
  /** Environment variable that may hold the reference. */
  readonly uriFrom?: string;
  /** The reference before any digest is written into it. */
  readonly reference: string;
  /** The component's file and export name. */
  readonly component: string;
  readonly identity: ComponentIdentity;
  readonly bundle: Bundle;
}

/** An image that a task names instead of its component's was made by another recipe, which nobody here knows. */
function withTaskOptions(
  { recipe, ...identity }: ComponentIdentity,
  { options }: ComponentTask,
): ComponentIdentity {
  const { salt, image } = options;
  return {
    ...identity,
    ...(recipe && image === undefined && { recipe }),
    ...(salt !== undefined && { salt }),
    ...(image !== undefined && { taskImage: true }),
  };
}

/** Writes containers; components' parts are worked out once and shared by their tasks. */
export class ContainerWriter {
  readonly #bundles: ReadonlyMap<ComponentInterface, Bundle>;
  readonly #request: CompileRequest;
  readonly #known = new Map<
    ComponentInterface,
    { image: string; command: readonly string[]; identity: ComponentIdentity }
  >();
  readonly #records: ImageRecords;
  readonly readFiles: string[] = [];
  readonly images: ComponentImage[] = [];
  readonly warnings = new Set<string>();

  constructor(bundles: ReadonlyMap<ComponentInterface, Bundle>, request: CompileRequest) {
    this.#bundles = bundles;
    this.#request = request;
    this.#records = readImageRecords(request.cacheFolder);
  }

  /** Writes a component's container, without the settings of tasks. */
  write(task: ComponentTask): ContainerSpec {
    const { image, command, identity } = this.#of(task);
    const args = writeIdentityArgs(withTaskOptions(identity, task));
    return { image, command, args };
  }

  #of(task: ComponentTask) {
    let found = this.#known.get(task.component);
    if (found === undefined) this.#known.set(task.component, (found = this.#make(task)));
    return found;
  }

  #make({ component, work: { settings } }: ComponentTask) {
    const bundle = this.#bundles.get(component);
    if (bundle === undefined) throw new Error(`"${component.name}" was not bundled`);
    const { image } = settings;
    const recipe = image === undefined ? undefined : recipeOf(image.name, this.#request.projectRoot);
    this.readFiles.push(...(recipe?.files ?? []));
    const identity: ComponentIdentity = {
      function: component.name,
      code: bundle.digest,
      ...(bundle.nativesDigest && { natives: bundle.nativesDigest }),
      ...(recipe && { recipe: recipe.digest }),
      reads: settings.reads,
      vary: settings.vary,
      ...(settings.maxAge !== undefined && { maxAge: settings.maxAge }),
      artifactLists: component.inputs.flatMap(({ name, type }) =>
        type.kind === 'artifact' && type.list ? [name] : [],
      ),
      isolate: settings.isolate,
      secretEnv: settings.secretEnv,
    };
    if (image === undefined)
      return {
        image: nodeImage,
        command: lightweightCommand,
        identity: { ...identity, payload: lightweightPayload(bundle.folder) },
      };
    const given = image.uriFrom === undefined ? undefined : this.#request.env[image.uriFrom];
    const reference = given ?? image.name;
    const key = interfaceKey(component.file, component.name);
    this.images.push({ ...image, reference, component: key, identity, bundle });
    return { image: this.#pinned(reference, identity), command: executorCommand, identity };
  }

  /** Writes the digest of an image that was pushed from these very sources; else the reference stays. */
  #pinned(reference: string, identity: ComponentIdentity): string {
    const pin = pinOf(reference, identity, this.#records);
    if (pin.kind === 'pinned') return pin.reference;
    if (pin.kind === 'other sources')
      this.warnings.add(
        `the image ${reference} was pushed from other sources than these: ferrule build --push renews it`,
      );
    return reference;
  }
}
