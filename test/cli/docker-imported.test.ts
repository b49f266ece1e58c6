/** Components of KFP 1 in a pipeline of our own: imported, typed, and run beside components in TypeScript. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dockerEngine } from '../counterparts.ts';
import { shellImage } from '../runners/docker/images.ts';
import { makeProject } from './project.ts';

const shout = `name: Shout
inputs:
- {name: Some Text, type: String}
- {name: mark, type: String, optional: true}
- {name: before, type: Dataset, optional: true}
outputs:
- {name: length, type: Integer}
- {name: loud, type: Dataset}
implementation:
  container:
    image: ${shellImage}
    command:
    - sh
    - -ec
    - |
      text=$0; loud=$1; length=$2; shift 2
      mkdir -p "$(dirname "$loud")" "$(dirname "$length")"
      printf '%s%s' "$(printf %s "$text" | tr a-z A-Z)" "$2" > "$loud"
      [ -z "$3" ] || cat "$3" >> "$loud"
      printf %s "\${#text}" > "$length"
    args:
    - {inputValue: Some Text}
    - {outputPath: loud}
    - {outputPath: length}
    - if: {cond: {isPresent: mark}, then: [--, {concat: [<, {inputValue: mark}, '>']}], else: [--, '.']}
    - if: {cond: {isPresent: before}, then: {inputPath: before}}
`;

const pipeline = `import { readFile } from 'node:fs/promises';
import { component, pipeline, type Dataset, type Int } from 'ferrule';
import { shout } from './components/shout.ts';
export const read = component({}, async ({ text, length }: { text: Dataset; length: Int }): Promise<string> =>
  \`\${length} \${await readFile(text.path, 'utf8')}\`);
export default pipeline('loud', { text: "it's fog" }, ({ text }) => {
  const first = shout({ some_text: text });
  const second = shout({ some_text: \`more \${text}\`, mark: '!', before: first.outputs.loud });
  return { said: read({ text: second.outputs.loud, length: second.outputs.length }).outputs.Output };
});
`;

describe.skipIf(dockerEngine === undefined)('an imported component', () => {
  test('runs in a container, with its placeholders filled in, beside components in TypeScript', async () => {
    const project = makeProject({ 'shout.yaml': shout, 'pipeline.ts': pipeline });
    expect((await project.ferrule('import', 'shout.yaml')).status).toBe(0);
    expect(readFileSync(join(project.folder, 'components/shout.ts'), 'utf8')).toContain(
      'readonly mark?: string',
    );
    const { status, stdout, stderr } = await project.ferrule('run', 'pipeline.ts');
    expect(stdout + stderr).toContain("said  13 MORE IT'S FOG<!>IT'S FOG.");
    expect(status).toBe(0);
    project.remove();
  });
});
