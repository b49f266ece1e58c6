import { component, pipeline, run } from 'ferrule';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes a line into a folder that all tasks share. */
export const note = component({}, async ({ folder, line }: { folder: string; line: string }) => {
  await appendFile(join(folder, 'notes.txt'), `${line}\n`);
});

/** Reads what was noted. */
export const read = component({}, async ({ folder }: { folder: string }): Promise<string> => {
  return (await readFile(join(folder, 'notes.txt'), 'utf8')).trim().split('\n').join(', ');
});

/** Gives the tasks of a run a folder in common. Nobody sees who used what in it, so the tasks are not cached. */
export default pipeline({ name: 'workspace', workspace: { size: '1Gi' } }, { who: 'me' }, ({ who }) => {
  const folder = run.workspacePath;
  const first = note({ folder, line: 'begun' }, { cache: false });
  const second = note({ folder, line: `seen by ${who}` }, { cache: false, after: [first] });
  const notes = read({ folder }, { cache: false, after: [second] });
  return { notes: notes.outputs.Output };
});
