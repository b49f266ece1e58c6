import { readPins, writePins, type BuildArguments } from '../../compiler/index.ts';
import { UserError } from '../../errors/index.ts';
import {
  basesOf,
  connectEngine,
  findDigests,
  makeImages,
  planImages,
  planRuntimeImage,
  planServerImage,
  requirePushablePlans,
  type ImagePlan,
  type MadeImage,
  type Variant,
} from '../../images/index.ts';
import { paintFor } from '../color.ts';
import { printJson } from '../print-json.ts';
import { liveBuildView, plainBuildView, type BuildView } from '../progress/build-progress.ts';
import { resolveSettings, type Settings } from '../settings.ts';

interface BuildOptions {
  readonly pipeline: string;
  readonly push?: boolean;
  readonly variant?: string;
  readonly runtime?: boolean;
  readonly server?: boolean;
  /** False for --no-cache. */
  readonly cache: boolean;
  readonly platform?: string;
  readonly buildArg: readonly string[];
  readonly printDockerfile?: boolean;
  readonly updateBases?: boolean;
  readonly json?: boolean;
}

/** Builds the images of a pipeline's components, or one of Ferrule's own, and pushes them where that is asked for. */
export async function buildCommand(wanted: readonly string[], options: BuildOptions): Promise<void> {
  const ofFerrule = options.runtime === true || options.server === true;
  const settings = resolveSettings(ofFerrule ? '.' : options.pipeline, undefined);
  const plans = await plansFor(wanted, options, settings);
  if (options.printDockerfile === true) {
    process.stdout.write(plans.map(withName).join('\n'));
    return;
  }
  if (options.push === true) requirePushablePlans(plans);
  const buildArguments = argumentsOf(options.buildArg);
  const engine = await connectEngine(settings.env);
  if (options.updateBases === true) {
    const found = await findDigests(engine.docker, basesOf(plans, buildArguments), settings.env);
    writePins(settings.projectRoot, { ...readPins(settings.projectRoot), ...found });
    for (const [base, digest] of Object.entries(found)) process.stderr.write(`${base} is ${digest}\n`);
    return;
  }
  const view = await openView(options.json === true);
  let made: readonly MadeImage[];
  try {
    made = await makeImages(engine, plans, {
      root: settings.projectRoot,
      cacheFolder: settings.cacheFolder,
      env: settings.env,
      push: options.push === true,
      buildArguments,
      noCache: !options.cache,
      ...(options.platform !== undefined && { platform: options.platform }),
      onProgress: (progress) => view.progress(progress),
      onMade: (image) => view.made(image),
    });
  } finally {
    view.close();
  }
  if (options.json === true) printJson({ images: made.map(resultOf) });
}

async function plansFor(
  wanted: readonly string[],
  options: BuildOptions,
  settings: Settings,
): Promise<ImagePlan[]> {
  if (options.runtime === true || options.server === true) {
    const flag = options.server === true ? '--server' : '--runtime';
    if (wanted.length > 0)
      throw new UserError('FER1002', {
        problem: `${flag} builds one image, which holds no component: "${wanted.join(' ')}" cannot be added`,
        fix: 'call ferrule build twice',
      });
    if (options.server === true) return [planServerImage(settings.env['FERRULE_SERVER_IMAGE'])];
    const { readClusterSettings } = await import('../cluster-config.ts');
    const { runtimeImage } = await readClusterSettings({}, settings);
    return [planRuntimeImage(runtimeImage)];
  }
  const variant = variantOf(options.variant);
  const { compilePipeline } = await import('../../compiler/index.ts');
  const { images } = await compilePipeline({
    file: options.pipeline,
    projectRoot: settings.projectRoot,
    cacheFolder: settings.cacheFolder,
    env: settings.env,
  });
  if (images.length === 0)
    throw new UserError('FER6104', {
      problem: `no component of ${options.pipeline} has an image: their code travels in the spec`,
      fix: "give one an image: component({ image: 'name' }, ...)",
    });
  return planImages(images, {
    root: settings.projectRoot,
    wanted,
    ...(variant !== undefined && { variant }),
  });
}

function variantOf(text: string | undefined): Variant | undefined {
  if (text === undefined || text === 'cpu' || text === 'gpu') return text;
  throw new UserError('FER1002', { problem: `"${text}" is no variant`, fix: 'write cpu or gpu' });
}

function argumentsOf(texts: readonly string[]): BuildArguments {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=');
      if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
      throw new UserError('FER1002', {
        problem: `--build-arg "${text}" is malformed`,
        fix: 'write --build-arg NAME=VALUE',
      });
    }),
  );
}

function withName({ reference, dockerfile, dockerfilePlace }: ImagePlan): string {
  return `# ${reference}, from ${dockerfilePlace ?? 'a generated Dockerfile'}\n${dockerfile}`;
}

async function openView(json: boolean): Promise<BuildView> {
  const stream = json ? process.stderr : process.stdout;
  const paint = paintFor(stream, process.env);
  if (stream.isTTY && stream.columns > 0) return liveBuildView(stream, paint);
  return plainBuildView((text) => stream.write(text), paint);
}

/** An image as `--json` prints it. */
function resultOf({ plan, kind, id, size, took, digest }: MadeImage): object {
  return {
    name: plan.name,
    variant: plan.variant,
    reference: plan.reference,
    status: kind,
    id,
    size,
    seconds: Math.round(took / 100) / 10,
    components: plan.components.map(({ component, identity }) => ({ component, code: identity.code })),
    ...(digest !== undefined && { digest }),
  };
}
