/**
 * Makes sure that no worker outlives the runner. A worker ends by itself once its channel closes, but not while its
 * component computes without a pause, and what the component started does not end at all. So a shell of a megabyte
 * waits for the end of this process, however it comes, and kills the process groups it was told of.
 */
import { spawn, type ChildProcess } from 'node:child_process';

const script = `
trap '' INT TERM HUP
groups=' '
while read -r what group; do
  case $what in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
`;

export interface Reaper {
  /** Names a process group that must not outlive this process. */
  watch(group: number): void;
  /** Takes a group off the list: its number may be given to another. */
  release(group: number): void;
  close(): void;
}

/** Starts a reaper. It is a session of its own, so that what kills this process's group does not kill it too. */
export function startReaper(): Reaper {
  const shell: ChildProcess = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    cwd: '/',
  });
  // Without a shell, workers still end with their channel: the reaper is the second line.
  shell.on('error', () => undefined);
  shell.stdin?.on('error', () => undefined);
  shell.unref();
  if (shell.stdin !== null && 'unref' in shell.stdin && typeof shell.stdin.unref === 'function')
    shell.stdin.unref();
  return {
    watch: (group) => void shell.stdin?.write(`+ ${group}\n`),
    release: (group) => void shell.stdin?.write(`- ${group}\n`),
    close: () => void shell.stdin?.end(),
  };
}
