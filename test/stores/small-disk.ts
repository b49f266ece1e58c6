/** A folder whose disk is full: a small file system where this process may mount one, else a limit on its own files. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

export interface SmallDisk {
  /** Takes all the space there is. */
  fill(): void;
  /** Gives it back. */
  free(): void;
  /** Takes the disk away, whoever still has a file of it open. */
  remove(): void;
}

/** Other systems have neither way to fill a disk that is not the machine's own. */
export const noSmallDisk: boolean = process.platform !== 'linux';

/** A folder that is read only, for root too. Who may not mount one has such a one at /sys. */
export function readOnlyDisk(folder: string): { readonly folder: string; readonly remove: () => void } {
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return { folder: '/sys', remove: () => undefined };
  }
  return { folder, remove: () => void execFileSync('/bin/umount', ['-l', folder]) };
}

/** Makes a folder a disk of a few megabytes. */
export function smallDisk(folder: string, megabytes: number): SmallDisk {
  try {
    const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder];
    execFileSync('/bin/mount', options, { stdio: 'ignore' });
  } catch {
    return limitedProcess();
  }
  const filler = join(folder, 'filler');
  return {
    fill() {
      try {
        execFileSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k'], { stdio: 'ignore' });
      } catch {
        // It ends where the space does.
      }
    },
    free: () => rmSync(filler, { force: true }),
    remove: () => void execFileSync('/bin/umount', ['-l', folder]),
  };
}

/** The nearest to a full disk that needs no rights: the system refuses this process's writes, with another error. */
function limitedProcess(): SmallDisk {
  const limitFiles = (bytes: string): void =>
    void execFileSync('prlimit', ['--pid', `${process.pid}`, `--fsize=${bytes}:`]);
  const free = (): void => limitFiles('unlimited');
  return { fill: () => limitFiles('0'), free, remove: free };
}
