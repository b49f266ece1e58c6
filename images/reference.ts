/** References of images: `registry/repository:tag`. */
import { UserError } from '../errors/index.ts';

export interface Reference {
  /** Host, with its port; undefined for images of this machine and of Docker Hub. */
  readonly registry?: string;
  /** Path inside the registry. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const shape =
  /^(?:(?<registry>[\w.-]+(?::\d+)?)\/)?(?<repository>[a-z0-9]+(?:(?:[._]|__|-+|\/)[a-z0-9]+)*)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** Reads a reference as Docker does; undefined where it is malformed. */
export function readReference(text: string): Reference | undefined {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(0, slash));
  // The first part is a host only where it looks like one: `user/train` lies on Docker Hub.
  const host = /[.:]/.test(first) || first === 'localhost' ? first : undefined;
  const groups = shape.exec(host === undefined ? `localhost/${text}` : text)?.groups;
  if (groups?.['repository'] === undefined) return undefined;
  const { repository, tag, digest } = groups;
  return {
    ...(host !== undefined && { registry: host }),
    repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/** Writes a reference without its digest, with a tag. */
export function writeReference({ registry, repository, tag = 'latest' }: Reference): string {
  return `${registry === undefined ? '' : `${registry}/`}${repository}:${tag}`;
}

/**
 * Checks that an image can be pushed to a reference.
 * @param uriFrom the environment variable that may hold the reference
 * @throws UserError FER6103 where it names no repository of a registry
 */
export function requirePushable(reference: string, name: string, uriFrom: string | undefined): void {
  const read = readReference(reference);
  if (read?.registry !== undefined || read?.repository.includes('/') === true) return;
  const example = `REGISTRY/REPOSITORY/${name}:1`;
  throw new UserError('FER6103', {
    problem: `"${reference}" names no registry, so the image ${name} cannot be pushed`,
    fix:
      uriFrom === undefined
        ? `give the component a whole reference: image: '${example}', or { name: '${name}', uriFrom: 'NAME' } and set NAME in .env`
        : `set ${uriFrom} in .env: ${uriFrom}=${example}`,
  });
}
