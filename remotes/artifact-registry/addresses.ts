import { UserError } from '../../errors/index.ts';

/** Where a KFP repository is, and by which URLs it is spoken to. */
export interface RepositoryAddresses {
  /** The repository itself: `https://us-central1-kfp.pkg.dev/project/repository`. */
  readonly host: string;
  /** Set for a repository of Artifact Registry. */
  readonly google?: { readonly location: string; readonly project: string; readonly repository: string };
  readonly upload: string;
  readonly packages: string;
  package(name: string): string;
  versions(name: string): string;
  version(name: string, version: string): string;
  tags(name: string): string;
  tag(name: string, tag: string): string;
  download(name: string, versionOrTag: string): string;
  /** The name that a tag's request has for a version. */
  versionName(name: string, version: string): string;
  /** A long-running operation, by its name. */
  operation(name: string): string;
}

const known =
  /^https:\/\/(?<location>[\w-]+)-kfp\.pkg\.dev\/(?<project>[^/]+(?:\/[^/]+)?)\/(?<repository>[^/]+)$/;

const api = 'https://artifactregistry.googleapis.com/v1';

/**
 * Reads the address of a repository, as KFP's registry client does: one of Artifact Registry is managed by Google's API, any other is
 * taken for a server that offers packages, versions and tags under its own address.
 * @throws UserError FER8010 where the text is no such address
 */
export function repositoryAddresses(text: string): RepositoryAddresses {
  const host = text.replace(/\/+$/, '');
  if (!/^https?:\/\//.test(host) || !URL.canParse(host)) throw noRepository(text);
  const match = known.exec(host)?.groups;
  if (match === undefined && /\.pkg\.dev(\/|$)/.test(host)) throw noRepository(text);
  const { location = '', project = '', repository = '' } = match ?? {};
  const name = match && `projects/${project}/locations/${location}/repositories/${repository}`;
  const base = name === undefined ? host : `${api}/${name}`;
  const prefix = name === undefined ? '' : `${name}/`;
  const part = encodeURIComponent;
  return {
    host,
    ...(match && { google: { location, project, repository } }),
    upload: host,
    packages: `${base}/packages`,
    package: (of) => `${base}/packages/${part(of)}`,
    versions: (of) => `${base}/packages/${part(of)}/versions`,
    version: (of, version) => `${base}/packages/${part(of)}/versions/${plain(version)}`,
    tags: (of) => `${base}/packages/${part(of)}/tags`,
    tag: (of, tag) => `${base}/packages/${part(of)}/tags/${part(tag)}`,
    download: (of, versionOrTag) => `${host}/${part(of)}/${plain(versionOrTag)}`,
    versionName: (of, version) => `${prefix}packages/${of}/versions/${version}`,
    operation: (of) => `${name === undefined ? host : api}/${of}`,
  };
}

/** Keeps the colon of a digest, as KFP's client writes it. */
function plain(version: string): string {
  return encodeURIComponent(version).replaceAll('%3A', ':');
}

function noRepository(text: string): UserError {
  return new UserError('FER8010', {
    problem: `"${text}" is no address of a KFP repository`,
    fix: 'write https://REGION-kfp.pkg.dev/PROJECT/REPOSITORY, as the Cloud console shows it; another registry by its http:// or https:// address',
  });
}
