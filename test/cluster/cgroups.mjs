// The cgroups that containers of the harness run in, in either version of Linux's control groups.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const base = '/sys/fs/cgroup';
const isSecond = existsSync(join(base, 'cgroup.controllers'));

/** The folders of one cgroup: one in the second version, one a controller in the first. */
function foldersOf(/** @type {string} */ name) {
  if (isSecond) return [join(base, name)];
  return readdirSync(base, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(base, entry.name, name));
}

/** Makes a cgroup, in which pods or containers get theirs. */
export function makeCgroup(/** @type {string} */ name) {
  const parts = name.split('/');
  for (let depth = 1; depth <= parts.length; depth++)
    for (const folder of foldersOf(parts.slice(0, depth).join('/'))) makeFolder(folder);
}

function makeFolder(/** @type {string} */ folder) {
  mkdirSync(folder, { recursive: true });
  const parent = join(folder, '..');
  const read = (/** @type {string} */ file) => readFileSync(file, 'utf8').trim();
  if (isSecond) {
    for (const place of [parent, folder]) {
      const controllers = read(join(place, 'cgroup.controllers')).split(/\s+/);
      writeFileSync(join(place, 'cgroup.subtree_control'), controllers.map((word) => `+${word}`).join(' '));
    }
    return;
  }
  // A new cpuset has no processors and no memory, and takes no process until it is given some.
  for (const file of ['cpuset.cpus', 'cpuset.mems'].filter((file) => existsSync(join(folder, file))))
    if (read(join(folder, file)) === '') writeFileSync(join(folder, file), read(join(parent, file)));
}

function below(/** @type {string} */ folder) {
  const folders = /** @type {string[]} */ ([]);
  const walk = (/** @type {string} */ at) => {
    for (const entry of readdirSync(at, { withFileTypes: true }))
      if (entry.isDirectory()) walk(join(at, entry.name));
    folders.push(at);
  };
  if (existsSync(folder)) walk(folder);
  return folders; // the deepest first
}

/** Ends every process in a cgroup and below, waits until they are gone, and removes it. */
export async function endCgroup(/** @type {string} */ name) {
  for (let round = 0; round < 100; round++) {
    const pids = new Set(
      foldersOf(name)
        .flatMap(below)
        .flatMap((folder) => {
          try {
            return readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean);
          } catch {
            return [];
          }
        }),
    );
    if (pids.size === 0) break;
    for (const pid of pids) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // it has ended
      }
    }
    await sleep(50);
  }
  for (const folder of foldersOf(name).flatMap(below)) {
    try {
      rmdirSync(folder);
    } catch {
      // still held by a process on its way out
    }
  }
}
