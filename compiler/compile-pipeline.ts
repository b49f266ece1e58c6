/** From a pipeline's source to KFP's PipelineSpec. */
import path from 'node:path';
import type { CompiledPipeline, Digest } from '../spec/index.ts';
import { UserError, UserErrors, type Location } from '../errors/index.ts';
import { bundleComponents, type Bundle } from './bundle/bundle-components.ts';
import { Diagnostics } from './diagnostics.ts';
import type { ComponentInterface } from './interfaces/component-interface.ts';
import { loadInterfaces } from './interfaces/load-interfaces.ts';
import { ContainerWriter, type ComponentImage } from './lower/container-writer.ts';
import { lowerPipeline } from './lower/lower-pipeline.ts';
import { ownPackage } from './own-package.ts';
import { checkSecrets } from './options/secrets.ts';
import { ComponentFiles } from './trace/steps/loaded-component.ts';
import { checkWorkspace, settingsLeftOut } from './trace/workspace.ts';
import { loadTraceModule } from './trace/load-source.ts';
import { interfaceKey, tracePipelineModule } from './trace/trace-pipeline.ts';
import { componentTasks, type TracedPipeline, type TracedTask } from './trace/traced-task.ts';

export interface CompileRequest {
  /** A .ts file, absolute or relative to the working folder. */
  readonly file: string;
  readonly projectRoot: string;
  /** `<project>/.ferrule/cache`. */
  readonly cacheFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Export name, where a file has several pipelines. @default the default export, or the only pipeline */
  readonly pipeline?: string;
}

export interface Compilation {
  readonly compiled: CompiledPipeline;
  readonly bundles: readonly CompiledBundle[];
  /** The components that have an image: what `ferrule build` makes. */
  readonly images: readonly ComponentImage[];
  /** What is no error and should be known, one sentence each. */
  readonly warnings: readonly string[];
  /** Where each task was made: for diagnostics. */
  readonly sources: SourcePlaces;
  /** Absolute paths of all files that had a say, apart from those of installed packages: for watching. */
  readonly readFiles: readonly string[];
}

interface CompiledBundle {
  readonly digest: Digest;
  /** Absolute path. */
  readonly folder: string;
  /** The component's file and export name: `components/train/component.ts#train`. */
  readonly component: string;
}

/** Places by task path, such as `train`, or `inner/train` in a pipeline that is a task. Worked out when asked for. */
interface SourcePlaces {
  placeOf(task: string): Location | undefined;
}

/**
 * Compiles a pipeline.
 * @throws UserErrors with all that is wrong with the source, in the order of files and lines
 */
export async function compilePipeline(request: CompileRequest): Promise<Compilation> {
  const diagnostics = new Diagnostics();
  const resolved = { ...request, file: path.resolve(request.file) };
  const module = await loadTraceModule(resolved, diagnostics);
  const { interfaces, required, readFiles } = await loadInterfaces(
    { ...resolved, files: module.typedFiles },
    diagnostics,
  );
  const byKey = new Map(interfaces.map((found) => [interfaceKey(found.file, found.name), found]));
  if (!module.runnable) diagnostics.throwAny();
  const componentFiles = new ComponentFiles(request.projectRoot, diagnostics);
  const pipeline = await tracePipelineModule(module, {
    ...resolved,
    interfaces: byKey,
    required,
    componentFiles,
    diagnostics,
  });
  if (pipeline !== undefined) {
    checkSecrets(pipeline, request.env, diagnostics);
    checkWorkspace(pipeline, diagnostics);
  }
  diagnostics.throwAny();
  if (pipeline === undefined) throw new Error('a trace without a pipeline left no diagnostic');
  if (pipeline.tasks.length === 0)
    throw new UserErrors([
      new UserError('FER2025', {
        at: pipeline.place,
        problem: `the pipeline "${pipeline.name}" has no tasks`,
        fix: 'call a component in its function',
      }),
    ]);

  const used = new Map(
    componentTasks(pipeline).map(({ component, work, place }) => [
      component,
      { component, settings: work.settings, place },
    ]),
  );
  const place = { root: request.projectRoot, cacheFolder: request.cacheFolder };
  const bundles = await bundleComponents([...used.values()], place, diagnostics);
  checkLightweight(pipeline, bundles, diagnostics);
  diagnostics.throwAny();

  const containers = new ContainerWriter(bundles, request);
  const { version } = ownPackage();
  const compiled = lowerPipeline(pipeline, (task) => containers.write(task), `ferrule-${version}`);
  const tasks = new Map(tasksByPath(pipeline));
  return {
    compiled,
    bundles: [...bundles].map(([component, { digest, folder }]) => ({
      digest,
      folder,
      component: interfaceKey(component.file, component.name),
    })),
    images: containers.images,
    warnings: [...containers.warnings, ...settingsLeftOut(pipeline)],
    sources: { placeOf: (task) => tasks.get(task)?.place() },
    readFiles: [
      ...new Set([
        ...module.readFiles,
        ...readFiles,
        ...[...bundles.values()].flatMap((bundle) => bundle.readFiles),
        ...containers.readFiles,
        ...componentFiles.paths,
      ]),
    ]
      .filter((file) => !/[\\/]node_modules[\\/]/.test(file))
      .sort(),
  };
}

function tasksByPath(pipeline: TracedPipeline, prefix = ''): (readonly [string, TracedTask])[] {
  return pipeline.tasks.flatMap((task) => [
    [`${prefix}${task.name}`, task],
    ...(task.work.kind === 'pipeline' ? tasksByPath(task.work.pipeline, `${prefix}${task.name}/`) : []),
  ]);
}

function checkLightweight(
  pipeline: TracedPipeline,
  bundles: ReadonlyMap<ComponentInterface, Bundle>,
  diagnostics: Diagnostics,
): void {
  for (const task of componentTasks(pipeline)) {
    const natives = bundles.get(task.component)?.natives ?? [];
    if (task.work.settings.image !== undefined || natives.length === 0) continue;
    diagnostics.add('FER2021', {
      at: task.place(),
      problem: `"${task.component.name}" has no image, and uses packages that no spec can carry: ${natives.map(({ name }) => name).join(', ')}`,
      fix: `give it one: component({ image: '${task.component.name}' }, ...)`,
    });
  }
}
