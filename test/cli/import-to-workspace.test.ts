/** What an importer brings into the folder that the tasks of a run share: in processes, and in containers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerEngine } from '../counterparts.ts';
import { shellImage } from '../runners/docker/images.ts';
import { makeProject, type Project } from './project.ts';

const source = `
import { readdir, writeFile } from 'node:fs/promises';
import { component, container, importer, pipeline, run, type Dataset } from 'ferrule';

export const look = component({}, async ({ data, folder }: { data: Dataset; folder: string }): Promise<{ inside: boolean; names: string[] }> => {
  await writeFile(data.path + '/more.csv', 'd');
  return { inside: data.path.startsWith(folder), names: (await readdir(data.path)).sort() };
});
export const shell = container<{ data: Dataset }, { names: string }>(({ data }, { names }) => ({
  image: '${shellImage}',
  command: ['sh', '-c', 'mkdir -p "$(dirname "$1")"; printf "%s: %s" "$0" "$(ls $0 | tr "\\\\n" " ")" > "$1"', data.path, names.path],
}));
const options = { name: 'brought', workspace: { size: '1Gi' } };
const bring = () =>
  importer<Dataset>({ uri: 'photos', metadata: { by: run.name, at: \`\${run.workspacePath}/x\` }, downloadToWorkspace: true }).outputs.artifact;

export const processes = pipeline(options, {}, () => {
  const looked = look({ data: bring(), folder: run.workspacePath }, { cache: false });
  return { inside: looked.outputs.inside, names: looked.outputs.names };
});
export const containers = pipeline(options, {}, () => ({ names: shell({ data: bring() }).outputs.names }));
`;

let project: Project;
beforeAll(() => {
  project = makeProject({ 'pipeline.ts': source, 'photos/a.csv': 'a', 'photos/b.csv': 'b' });
});
afterAll(() => project.remove());

describe('an importer that downloads to the workspace', () => {
  it('leaves a copy there that processes may change', async () => {
    const ran = await project.ferrule('run', 'pipeline.ts', '--pipeline', 'processes', '--json');
    expect(ran.stderr + ran.stdout).toContain('"status": "succeeded"');
    expect(JSON.parse(ran.stdout)).toMatchObject({
      outputs: { inside: true, names: ['a.csv', 'b.csv', 'more.csv'] },
    });
    const again = await project.ferrule('run', 'pipeline.ts', '--pipeline', 'processes', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ status: 'succeeded' });
  });

  it.skipIf(!dockerEngine)('mounts it into containers, at the path that it has on KFP', async () => {
    const ran = await project.ferrule('run', 'pipeline.ts', '--pipeline', 'containers', '--json');
    expect(JSON.parse(ran.stdout)).toMatchObject({
      outputs: { names: `/kfp-workspace/.artifacts${project.folder}/photos: a.csv b.csv ` },
    });
  });
});
