/** The Dockerfile of an image that has none of its own. */
import { nodeImage } from '../compiler/index.ts';

/** Removes the libraries that a package brings for other systems than the image's: most of its size. */
const slimming: Readonly<Record<string, string>> = {
  'onnxruntime-node':
    'find node_modules/onnxruntime-node/bin/napi-v6 -mindepth 2 -maxdepth 2 ! -path "*/linux/$(node -p process.arch)" -exec rm -rf {} +',
};

/**
 * Writes a Dockerfile: base, packages, programs, and last what changes most, the components' code.
 * @param natives names of the packages that the bundles leave out
 */
export function generateDockerfile(natives: readonly string[]): string {
  const install = [
    'npm ci --omit=dev --ignore-scripts --no-audit --no-fund --no-update-notifier',
    'rm -rf /root/.npm',
    ...natives.flatMap((name) => slimming[name] ?? []),
  ].join(' \\\n    && ');
  return [
    `FROM ${nodeImage}`,
    'WORKDIR /ferrule',
    ...(natives.length > 0 ? ['COPY natives/ ./', `RUN ${install}`] : []),
    'COPY programs/ /',
    'COPY bundle/ /',
    'ENV NODE_ENV=production',
    'USER 1000',
    'ENTRYPOINT ["node", "/ferrule/run.mjs"]',
    '',
  ].join('\n');
}

/** Writes the Dockerfile of the runtime image, which stages files in pods and drives detached runs. */
export function runtimeDockerfile(): string {
  return [
    `FROM ${nodeImage}`,
    'WORKDIR /ferrule',
    'COPY programs/ /',
    'ENV NODE_ENV=production',
    'USER 1000',
    'ENTRYPOINT ["node", "/ferrule/ferrule.mjs"]',
    '',
  ].join('\n');
}
