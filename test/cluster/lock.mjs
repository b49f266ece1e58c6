// One at a time: two commands of the harness at once wait for each other.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf } from './daemon.mjs';

const holder = (/** @type {number} */ pid) => JSON.stringify({ pid, identity: identityOf(pid) });

function holderLives(/** @type {string} */ file) {
  try {
    const text = readFileSync(file, 'utf8');
    return text === holder(JSON.parse(text).pid);
  } catch {
    return false;
  }
}

/**
 * Does the work while no other process does work under the same lock file. A lock whose holder is gone counts for nothing.
 * @template T
 * @param {string} file
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(file, holder(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      if (!holderLives(file)) rmSync(file, { force: true });
      else if (!waited) console.error(`waiting for another command that holds ${file}`);
      await sleep(200);
    }
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}
