// What containers leave behind when the programs that watch over them are ended or were killed.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { endCgroup } from './cgroups.mjs';

/** Ends the shims of a container runtime: they live as long as their container, and longer than the runtime. */
async function endShims(/** @type {string} */ socket) {
  const shims = () =>
    readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .filter((pid) => {
        try {
          const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
          return (
            (words[0] ?? '').includes('containerd-shim') && words[words.indexOf('-address') + 1] === socket
          );
        } catch {
          return false;
        }
      });
  for (let round = 0; round < 100 && shims().length > 0; round++) {
    for (const pid of shims()) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // it has ended
      }
    }
    await sleep(30);
  }
}

/** Unmounts all that is mounted under a folder, the last mounted first. */
export function unmountUnder(/** @type {string} */ folder) {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) =>
      (line.split(' ')[4] ?? '').replace(/\\(\d{3})/g, (_, code) => String.fromCharCode(parseInt(code, 8))),
    )
    .filter((place) => place.startsWith(`${folder}/`));
  for (const place of mounts.reverse()) {
    try {
      execFileSync('umount', ['--lazy', place], { stdio: 'pipe' });
    } catch {
      // taken away with one that was mounted later
    }
  }
}

/** Ends containers and their shims, and takes their mounts and folders away. The runtime itself has ended before. */
export async function clearContainers(
  /** @type {{ cgroup: string, socket: string, mountsUnder: readonly string[], folders: readonly string[] }} */ of,
) {
  await endCgroup(of.cgroup);
  await endShims(of.socket);
  for (const folder of of.mountsUnder) unmountUnder(folder);
  for (const folder of of.folders) rmSync(folder, { recursive: true, force: true });
}
