/** Gets a compiled pipeline from a store of templates, or from a web address. */
import { UserError } from '../../errors/index.ts';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import type { LoadedPipeline } from '../load-pipeline.ts';
import type { Settings } from '../settings.ts';
import { openKfp, openRepository, type KfpFlags } from './open-remotes.ts';

/**
 * Downloads the template that a URI names: `https://REGION-kfp.pkg.dev/PROJECT/REPOSITORY/PACKAGE/TAG`, the same below
 * KFP_REPOSITORY, `kfp://PIPELINE/VERSION` of the KFP that `kfp` or the environment names, or any `https://…/pipeline.yaml`.
 */
export async function loadTemplate(uri: string, settings: Settings, kfp: KfpFlags): Promise<LoadedPipeline> {
  const repository = repositoryOf(uri, settings.env['KFP_REPOSITORY']);
  if (uri.startsWith('kfp://')) return fromKfp(uri, settings, kfp);
  if (repository === undefined) return fromWeb(uri, settings);
  const [name, version] = partsOf(uri, uri.slice(repository.length + 1));
  const store = await openRepository(settings, repository);
  try {
    const { text } = await store.download(name, version);
    return loaded(uri, text, { uri });
  } finally {
    await store.close();
  }
}

async function fromKfp(uri: string, settings: Settings, kfp: KfpFlags): Promise<LoadedPipeline> {
  const [name, wanted] = partsOf(uri, uri.slice('kfp://'.length));
  const { kfpTemplates } = await import('../../remotes/kfp/template-store.ts');
  const store = kfpTemplates(await openKfp(settings, kfp));
  try {
    const { text, version } = await store.download(name, wanted);
    return loaded(uri, text, {
      uri,
      ...(version.packageId !== undefined && { pipelineId: version.packageId }),
      ...(version.id !== undefined && { versionId: version.id }),
    });
  } finally {
    await store.close();
  }
}

async function fromWeb(uri: string, { env }: Settings): Promise<LoadedPipeline> {
  if (!/\.(ya?ml|json)$/.test(new URL(uri).pathname))
    throw new UserError('FER8010', {
      problem: `"${uri}" names neither a template nor a document`,
      fix: 'write https://REGION-kfp.pkg.dev/PROJECT/REPOSITORY/PACKAGE/TAG, kfp://PIPELINE/VERSION, or an address that ends with .yaml; or set KFP_REPOSITORY to the registry that it is in',
    });
  const { httpClient } = await import('../../remotes/http/http-client.ts');
  const { noCredentials } = await import('../../remotes/credentials/credentials.ts');
  const ca = env['FERRULE_CA_FILE'];
  const client = httpClient({
    env,
    ...(ca && { ca }),
    service: {
      name: 'the server',
      permission: 'download it yourself, and name the file',
      address: 'check the address',
    },
    credentials: noCredentials('download it yourself, and name the file'),
  });
  try {
    const text = await client.text({
      method: 'GET',
      url: uri,
      repeatable: true,
      doing: 'downloading a pipeline',
    });
    return loaded(uri, text, { uri });
  } finally {
    await client.close();
  }
}

/** The repository that a URI lies in; undefined for one that lies in none. */
function repositoryOf(uri: string, named: string | undefined): string | undefined {
  const own = named?.replace(/\/+$/, '');
  if (own !== undefined && own !== '' && uri.startsWith(`${own}/`)) return own;
  return /^https:\/\/[\w-]+-kfp\.pkg\.dev\/[^/]+\/[^/]+/.exec(uri)?.[0];
}

function partsOf(uri: string, rest: string): readonly [string, string] {
  const [name = '', version = '', ...more] = rest.split('/').map((part) => decodeURIComponent(part));
  if (name !== '' && version !== '' && more.length === 0) return [name, version];
  throw new UserError('FER8013', {
    problem: `"${uri}" does not name a package and a version of it`,
    fix: 'end it with PACKAGE/VERSION, where the version is a digest or a tag; `ferrule templates list` lists the packages',
  });
}

function loaded(
  uri: string,
  text: string,
  template: NonNullable<LoadedPipeline['template']>,
): LoadedPipeline {
  const compiled = readPipelineDocument(text, uri);
  return { compiled, readFiles: [], warnings: [], placeOf: () => undefined, template };
}
