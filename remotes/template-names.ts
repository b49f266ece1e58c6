import { UserError } from '../errors/index.ts';
import { isDigest } from '../spec/index.ts';

/** Whether a text names a version, and not a tag. */
export function isVersion(text: string): boolean {
  return text.startsWith('sha256:');
}

/** @throws UserError FER8013 where a text is no digest as versions have it */
export function checkVersion(version: string): void {
  if (isDigest(version)) return;
  throw new UserError('FER8013', {
    problem: `"${version}" is no version: versions are sha256: and 64 hexadecimal digits`,
    fix: '`ferrule templates versions PACKAGE` lists them',
  });
}

/**
 * @param longest characters that the service takes
 * @throws UserError FER8013 where a text cannot be a tag
 */
export function checkTag(tag: string, longest: number = 128): void {
  if (/^[a-z0-9][a-z0-9._-]*$/.test(tag) && tag.length <= longest) return;
  throw new UserError('FER8013', {
    problem: `"${tag}" cannot be a tag${isVersion(tag) ? ': it is a version' : ''}`,
    fix: `a tag is of lower-case letters, digits, ".", "_" and "-", begins with a letter or digit, and has at most ${longest} characters`,
  });
}
