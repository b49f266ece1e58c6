/** Runs again whenever a file changes that the last run was made from. */
import { watch, type FSWatcher } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { reportFailure } from './failure.ts';

/** Milliseconds of quiet before a change counts: editors write in several steps. */
const quiet = 150;

type RunOnce = (signal: AbortSignal) => Promise<{ readonly readFiles: readonly string[] }>;

/** Runs, waits for a change, cancels what is still going on, and runs again; until it is interrupted. */
export async function watchRuns(file: string, once: RunOnce): Promise<never> {
  let files: readonly string[] = [resolve(file)];
  process.once('SIGINT', () => process.exit(130));
  for (;;) {
    const cancel = new AbortController();
    const changed = nextChange(files);
    void changed.then(() => cancel.abort());
    try {
      const { readFiles } = await once(cancel.signal);
      files = [...new Set([resolve(file), ...readFiles.map((path) => resolve(path))])];
    } catch (error) {
      reportFailure(error, false);
    }
    if (!cancel.signal.aborted) {
      process.stdout.write(`\nwatching ${files.length} files; Ctrl-C ends\n`);
      await Promise.race([changed, nextChange(files)]);
    }
  }
}

/** Resolves once one of the files changed and then nothing did for a moment. */
function nextChange(files: readonly string[]): Promise<void> {
  const names = new Set(files);
  return new Promise((done) => {
    const watchers: FSWatcher[] = [];
    let timer: NodeJS.Timeout | undefined;
    const finish = (): void => {
      for (const watcher of watchers) watcher.close();
      done();
    };
    // Folders are watched, not files: editors replace a file by renaming another over it.
    for (const folder of new Set(files.map((path) => dirname(path))))
      watchers.push(
        watch(folder, (_, name) => {
          if (name === null || !names.has(resolve(folder, name))) return;
          clearTimeout(timer);
          timer = setTimeout(finish, quiet);
        }),
      );
  });
}
