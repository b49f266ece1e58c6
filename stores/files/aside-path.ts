import { dirname, join } from 'node:path';
import { asideMark } from '../objects/disk-objects.ts';

let made = 0;

/** Names a path beside another, for what is not whole yet; `gc` removes old ones. */
export function asidePath(path: string): string {
  return join(dirname(path), `${asideMark}${process.pid}-${Date.now().toString(36)}-${made++}`);
}
