import { UserError } from '../../errors/index.ts';
import { isPathName } from '../../spec/index.ts';

/**
 * Checks the key of an object, so that it means the same in a folder and in a bucket.
 * @throws UserError FER5008 for one that could lead elsewhere
 */
export function checkedKey(key: string): string {
  if (key.split('/').every(isPathName)) return key;
  throw new UserError('FER5008', {
    problem: `"${key}" cannot be the name of a stored object`,
    fix: 'names hold letters, digits, "_", "-" and "." and do not begin with a dot',
  });
}
