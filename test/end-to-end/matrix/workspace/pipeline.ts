import { component, pipeline, run } from 'ferrule';
import { readFile, writeFile } from 'node:fs/promises';

export const leave = component(
  {},
  async ({ folder, text }: { readonly folder: string; readonly text: string }) => {
    await writeFile(`${folder}/left.txt`, text);
  },
);

export const find = component(
  {},
  async ({ path }: { readonly path: string }): Promise<string> => `found ${await readFile(path, 'utf8')}`,
);

export default pipeline(
  {
    name: 'workspace',
    workspace: { size: '8Mi', kubernetes: { pvcSpecPatch: { storageClassName: 'ferrule-matrix' } } },
  },
  { text: 'what was left' },
  ({ text }) => {
    const left = leave({ folder: run.workspacePath, text });
    return find({ path: `${run.workspacePath}/left.txt` }, { after: [left] }).outputs;
  },
);
