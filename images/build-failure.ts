/** Says why a build failed: the step, what it printed last, and what to do. */
import { messageOf, UserError } from '../errors/index.ts';
import type { ImagePlan } from './image-plan.ts';

/** The step that a build has come to. */
export interface FailedStep {
  number: number;
  of: number;
  instruction: string;
  /** What it printed. */
  readonly output: string[];
}

/** How many of a failed step's lines are shown. */
const shownLines = 20;

/** Makes the error of a failed build. */
export function buildFailure(plan: ImagePlan, step: FailedStep, thrown: unknown): UserError {
  const message = messageOf(thrown);
  const where =
    step.number === 0
      ? ''
      : ` at step ${step.number} of ${step.of}, ${step.instruction.split(/\s+&&\s+/)[0] ?? step.instruction}`;
  const lines = step.output.slice(-shownLines).map((line) => `\n    ${line}`);
  return new UserError('FER6101', {
    problem: `the build of ${plan.reference} failed${where}: ${message}${lines.join('')}`,
    fix: fixFor(`${message}\n${step.output.join('\n')}`, plan),
    cause: thrown,
  });
}

const fixes: readonly (readonly [RegExp, string])[] = [
  [/no space left on device/i, 'free some disk: docker system prune'],
  [
    /(?:EAI_AGAIN|ENOTFOUND|ETIMEDOUT|ECONNREFUSED|network request to|Could not resolve)/,
    'the build has no way to a server: look at proxy and DNS of the Docker engine; a registry of your own goes into the Dockerfile as ARG NPM_CONFIG_REGISTRY, and --build-arg NPM_CONFIG_REGISTRY=URL',
  ],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_(?:GET|VERIFY)|certificate/i,
    "the base does not know your network's certificate: start from a base that does",
  ],
  [
    /EACCES: permission denied/,
    'the base runs as a user who may not write there: put USER root before this step',
  ],
  [/EINTEGRITY/, 'a package is not what package-lock.json says: npm install writes the lockfile anew'],
  [
    /npm ci.*can only install|not in sync/i,
    'packages and lockfile do not fit together: npm install writes the lockfile anew',
  ],
  [/requires BuildKit|the --mount option/i, 'write the step without what only BuildKit has'],
  [
    /exec format error/i,
    'the image is for another kind of machine than the engine: leave --platform out, or set up emulation',
  ],
  [
    /pull access denied|manifest unknown|manifest for .* not found|repository does not exist/i,
    'the base does not exist, or needs docker login; an image of this machine must have that very name',
  ],
  [
    /COPY failed|ADD failed|not found in build context/,
    'what it copies is not in the project: paths start at the folder of package.json',
  ],
  [
    /client version .* is too (?:old|new)|unsupported.*builder/i,
    'this Docker engine is not supported: use version 20.10 or newer',
  ],
];

function fixFor(text: string, plan: ImagePlan): string {
  const known = fixes.find(([pattern]) => pattern.test(text));
  const place =
    plan.dockerfilePlace === undefined
      ? 'the Dockerfile that --print-dockerfile shows'
      : plan.dockerfilePlace;
  return known?.[1] ?? `look at this step in ${place}; --no-cache builds every step anew`;
}
