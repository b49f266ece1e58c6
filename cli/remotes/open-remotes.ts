/** Opens services elsewhere, as options and the environment name them. Nothing is asked yet. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../../errors/index.ts';
import type { Credentials } from '../../remotes/credentials/credentials.ts';
import type { RepositoryAddresses } from '../../remotes/artifact-registry/addresses.ts';
import type { KfpHttp } from '../../remotes/kfp/kfp-http.ts';
import type { TemplateStore } from '../../remotes/ports.ts';
import type { VertexHttp } from '../../remotes/vertex/vertex-http.ts';
import type { Settings } from '../settings.ts';
import { version } from '../version.ts';

/** Options that name KFP. */
export interface KfpFlags {
  readonly host?: string;
  readonly namespace?: string;
  readonly ca?: string;
}

/** Options that name a store of templates. */
export interface StoreFlags extends KfpFlags {
  readonly repository?: string;
  readonly backend?: string;
}

/** Options that name a place in Google Cloud. */
export interface VertexFlags {
  readonly project?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly ca?: string;
}

type Env = Settings['env'];

/** Opens the store of templates. @throws UserError FER8010 where nothing names one */
export async function openTemplates(settings: Settings, flags: StoreFlags): Promise<TemplateStore> {
  if (flags.backend === 'kfp') {
    const { kfpTemplates } = await import('../../remotes/kfp/template-store.ts');
    return kfpTemplates(await openKfp(settings, flags));
  }
  const repository = flags.repository ?? settings.env['KFP_REPOSITORY'];
  if (repository === undefined || repository === '')
    throw new UserError('FER8010', {
      problem: 'nothing names a KFP repository',
      fix: 'set KFP_REPOSITORY=https://REGION-kfp.pkg.dev/PROJECT/REPOSITORY, pass --repository, or --backend kfp',
    });
  return openRepository(settings, repository, flags.ca);
}

/** Opens a KFP repository. */
export async function openRepository(
  { env }: Settings,
  repository: string,
  ca?: string,
): Promise<TemplateStore> {
  const { repositoryAddresses } = await import('../../remotes/artifact-registry/addresses.ts');
  const { registryTemplates } = await import('../../remotes/artifact-registry/template-store.ts');
  const credentials = await registryCredentials(repositoryAddresses(repository), env);
  return registryTemplates({ repository, credentials, ...connection(env, ca) });
}

/** Where KFP's own registry client keeps a token, below the home folder. */
const registryToken = join('.config', 'kfp', 'registry_credentials.json');

async function registryCredentials({ google }: RepositoryAddresses, env: Env): Promise<Credentials> {
  if (google !== undefined) {
    const { googleCredentials } = await import('../../remotes/credentials/google.ts');
    return googleCredentials(env);
  }
  const { bearerToken, noCredentials } = await import('../../remotes/credentials/credentials.ts');
  const signIn = 'set KFP_REPOSITORY_TOKEN to a token of the registry';
  const file = join(env['HOME'] ?? '', registryToken);
  const token = env['KFP_REPOSITORY_TOKEN'] || (existsSync(file) ? readToken(file) : undefined);
  return token === undefined ? noCredentials(signIn) : bearerToken(token, signIn);
}

function readToken(file: string): string {
  try {
    const token: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof token === 'string') return token;
    throw new Error('it is not a JSON string');
  } catch (error) {
    throw new UserError('FER8002', {
      problem: `the token in ${file} cannot be read: ${messageOf(error)}`,
      fix: 'write the token as a JSON string, or set KFP_REPOSITORY_TOKEN',
      cause: error,
    });
  }
}

/** Where Kubernetes mounts the token that KFP takes, in a pod that asks for it. */
const mountedToken = '/var/run/secrets/kubeflow/pipelines/token';

/** Opens KFP's API. @throws UserError FER8010 where nothing names its host */
export async function openKfp({ env }: Settings, flags: KfpFlags): Promise<KfpHttp> {
  const host = flags.host ?? env['KF_PIPELINES_ENDPOINT'];
  if (host === undefined || host === '')
    throw new UserError('FER8010', {
      problem: 'nothing names the host of KFP',
      fix: 'set KF_PIPELINES_ENDPOINT=https://HOST, or pass --host; for one in a cluster, `kubectl port-forward -n kubeflow svc/ml-pipeline 8888` and http://localhost:8888',
    });
  const { kfpHttp } = await import('../../remotes/kfp/kfp-http.ts');
  const namespace = flags.namespace ?? env['FERRULE_KFP_NAMESPACE'];
  const uiHost = env['KF_PIPELINES_UI_ENDPOINT'];
  return kfpHttp({
    host,
    credentials: await kfpCredentials(env),
    ...(uiHost && { uiHost }),
    ...(namespace && { namespace }),
    ...connection(env, flags.ca),
  });
}

async function kfpCredentials(env: Env): Promise<Credentials> {
  const { bearerToken, fixedCredentials, noCredentials } =
    await import('../../remotes/credentials/credentials.ts');
  const signIn =
    'set FERRULE_KFP_TOKEN to a token, FERRULE_KFP_COOKIES to the cookies of a signed-in browser, or KF_PIPELINES_SA_TOKEN_PATH to a file with the token of a service account';
  if (env['FERRULE_KFP_TOKEN']) return bearerToken(env['FERRULE_KFP_TOKEN'], signIn);
  if (env['FERRULE_KFP_COOKIES']) return fixedCredentials({ cookie: env['FERRULE_KFP_COOKIES'] }, signIn);
  const file = env['KF_PIPELINES_SA_TOKEN_PATH'] || (existsSync(mountedToken) ? mountedToken : undefined);
  if (file === undefined) return noCredentials(signIn);
  const { tokenFile } = await import('../../remotes/credentials/token-file.ts');
  return tokenFile(file, signIn);
}

/** Opens Vertex AI. @throws UserError FER8010 where nothing names a region */
export async function openVertex({ env }: Settings, flags: VertexFlags): Promise<VertexHttp> {
  const { googleCredentials } = await import('../../remotes/credentials/google.ts');
  const { vertexHttp } = await import('../../remotes/vertex/vertex-http.ts');
  // A repository of templates says where its owner works.
  const place = await placeOfRepository(env['KFP_REPOSITORY']);
  const region = flags.region ?? (env['GOOGLE_CLOUD_REGION'] || place?.location);
  if (region === undefined || region === '')
    throw new UserError('FER8010', {
      problem: 'nothing says in which region of Google Cloud to run',
      fix: 'set GOOGLE_CLOUD_REGION, or pass --region: us-central1 and the like',
    });
  const project = flags.project ?? (env['GOOGLE_CLOUD_PROJECT'] || place?.project);
  const endpoint = flags.endpoint ?? env['FERRULE_VERTEX_ENDPOINT'];
  return vertexHttp({
    region,
    credentials: googleCredentials(env),
    ...(project && { project }),
    ...(endpoint && { endpoint }),
    ...connection(env, flags.ca),
  });
}

async function placeOfRepository(repository: string | undefined): Promise<RepositoryAddresses['google']> {
  if (!repository) return undefined;
  const { repositoryAddresses } = await import('../../remotes/artifact-registry/addresses.ts');
  return repositoryAddresses(repository).google;
}

function connection(
  env: Env,
  flag: string | undefined,
): { readonly env: Env; readonly headers: Readonly<Record<string, string>>; readonly ca?: string } {
  const ca = flag ?? env['FERRULE_CA_FILE'];
  return { env, headers: { 'user-agent': `ferrule/${version}` }, ...(ca && { ca }) };
}
