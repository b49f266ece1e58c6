import { execFileSync } from 'node:child_process';

/** Mounts a small file system over a folder; false where this process may not. */
export function mountSmallDisk(folder: string, megabytes: number): boolean {
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/** Takes it away again, whoever still has a file of it open. */
export function unmountDisk(folder: string): void {
  execFileSync('/bin/umount', ['-l', folder]);
}
