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

/** Asks the server in the image how it is, whichever of the two protocols it speaks. */
const healthCheck = [
  "const ask = (library, more) => require(library).get({ port: 8888, path: '/apis/v2beta1/healthz', ...more },",
  '(answer) => process.exit(answer.statusCode === 200 ? 0 : 1));',
  "ask('http').on('error', () => ask('https', { rejectUnauthorized: false }).on('error', () => process.exit(1)))",
].join(' ');

/**
 * Writes the Dockerfile of the server's image, which is a runtime image as well. All that a server keeps lies in /data, and the
 * tokens of its callers are handed in.
 */
export function serverDockerfile(): string {
  return [
    `FROM ${nodeImage}`,
    'WORKDIR /ferrule',
    'COPY natives/ ./',
    `RUN ${['npm ci --omit=dev --ignore-scripts --no-audit --no-fund --no-update-notifier', 'rm -rf /root/.npm', 'mkdir /data', 'chown 1000:1000 /data'].join(' \\\n    && ')}`,
    'COPY programs/ /',
    'ENV NODE_ENV=production NO_COLOR=1 HOME=/tmp FERRULE_ROOT=/data/root',
    'USER 1000',
    'WORKDIR /data',
    'VOLUME /data',
    'EXPOSE 8888',
    `HEALTHCHECK --start-period=30s CMD ["node", "-e", ${JSON.stringify(healthCheck)}]`,
    'ENTRYPOINT ["node", "/ferrule/ferrule.mjs"]',
    'CMD ["server", "--host", "0.0.0.0", "--tokens", "/etc/ferrule/tokens"]',
    '',
  ].join('\n');
}
