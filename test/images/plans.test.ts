import { describe, expect, it } from 'vitest';
import { pinBases, readDockerfile, type ComponentImage } from '../../compiler/index.ts';
import { gatherContext } from '../../images/gather-context.ts';
import { planImages, type PlanOptions } from '../../images/image-plan.ts';
import { readReference, requirePushable } from '../../images/reference.ts';
import { testProject } from '../compiler/project.ts';

describe('a Dockerfile', () => {
  const text = [
    '# FROM nothing',
    'ARG BASE=node:22-slim',
    'FROM --platform=linux/amd64 ${BASE} AS build',
    'COPY a.txt \\',
    '  b/ /x/',
    'FROM debian:12',
    'COPY --from=build /x /x',
    'COPY --from=busybox:1 /bin/sh /bin/sh',
    'ADD ["with space.txt", "https://example.com/y", "/y"]',
  ].join('\n');

  it('names its bases, its files and its arguments', () => {
    expect(readDockerfile(text)).toEqual({
      bases: ['node:22-slim', 'debian:12', 'busybox:1'],
      sources: ['a.txt', 'b/', 'with space.txt'],
      declared: ['BASE'],
    });
    expect(readDockerfile(text, { BASE: 'mine:1' }).bases[0]).toBe('mine:1');
  });

  it('gets the digests of its bases, those that an argument names too', () => {
    const pins = { 'node:22-slim': 'sha256:1', 'busybox:1': 'sha256:2' };
    expect(
      pinBases(text, pins)
        .split('\n')
        .filter((line) => line.includes('@')),
    ).toEqual([
      'FROM --platform=linux/amd64 node:22-slim@sha256:1 AS build',
      'COPY --from=busybox:1@sha256:2 /bin/sh /bin/sh',
    ]);
    expect(pinBases(text, pins, { BASE: 'mine:1' })).not.toContain('node:22-slim@');
  });
});

describe('a reference', () => {
  it.each([
    ['train', { repository: 'train' }],
    ['train:1', { repository: 'train', tag: '1' }],
    ['user/train', { repository: 'user/train' }],
    ['localhost/train', { registry: 'localhost', repository: 'train' }],
    ['host:5000/a/b:1.2-gpu', { registry: 'host:5000', repository: 'a/b', tag: '1.2-gpu' }],
    [
      `europe-docker.pkg.dev/p/r/a@sha256:${'0'.repeat(64)}`,
      { registry: 'europe-docker.pkg.dev', repository: 'p/r/a', digest: `sha256:${'0'.repeat(64)}` },
    ],
  ])('reads %s', (text, read) => expect(readReference(text)).toEqual(read));

  it.each(['Train', 'a b', 'host:5000/', 'a:1:2', '', 'a//b', 'a@sha256:1'])('does not read "%s"', (text) =>
    expect(readReference(text)).toBeUndefined(),
  );

  it('can be pushed to where it names a registry, or a user of Docker Hub', () => {
    expect(() => requirePushable('user/train:1', 'train', undefined)).not.toThrow();
    expect(() => requirePushable('train:1', 'train', undefined)).toThrow('names no registry');
  });
});

describe('the images of a pipeline', () => {
  const component = (name: string, image: string): string =>
    `export const ${name} = component({ image: ${image} }, (): string => ${JSON.stringify(name)});\n`;

  async function imagesOf(
    components: string,
    names: readonly string[],
    files: Readonly<Record<string, string>> = {},
  ): Promise<{
    readonly images: readonly ComponentImage[];
    plan: (options?: Partial<PlanOptions>) => string[];
    readonly root: string;
  }> {
    const project = testProject({
      'steps.ts': `import { component } from 'ferrule';\n${components}`,
      'pipeline.ts': `import { pipeline } from 'ferrule';\nimport { ${names.join(', ')} } from './steps.ts';\nexport default pipeline('p', {}, () => { ${names.map((name) => `${name}();`).join(' ')} });\n`,
      ...files,
    });
    const { images } = await project.compile('pipeline.ts', { B_URI: 'host:1/x/b:2' });
    const plan = (options: Partial<PlanOptions> = {}): string[] =>
      planImages(images, { root: project.root, wanted: [], ...options }).map(({ reference }) => reference);
    return { images, plan, root: project.root };
  }

  it('are called as components say: by a name, a variable of the environment, or a whole reference', async () => {
    const { plan } = await imagesOf(
      component('one', "'a'") +
        component('two', "{ name: 'b', uriFrom: 'B_URI' }") +
        component('three', "'host:1/y/c'"),
      ['one', 'two', 'three'],
    );
    expect(plan()).toEqual(['a:latest', 'host:1/x/b:2', 'host:1/y/c:latest']);
    expect(plan({ wanted: ['two'] })).toEqual(['host:1/x/b:2']);
    expect(plan({ wanted: ['c', 'one'] })).toEqual(['a:latest', 'host:1/y/c:latest']);
    expect(() => plan({ wanted: ['d'] })).toThrow('no component of the pipeline has an image "d"');
    expect(() => plan({ variant: 'gpu' })).toThrow('none of these images has a variant gpu');
  });

  it('are left alone where a digest names them', async () => {
    const digest = `host/x@sha256:${'a'.repeat(64)}`;
    const { plan } = await imagesOf(component('one', `'${digest}'`) + component('two', "'b'"), [
      'one',
      'two',
    ]);
    expect(plan()).toEqual(['b:latest']);
    expect(() => plan({ wanted: ['one'] })).toThrow('is named by its digest');
  });

  it('are refused where two have one reference, or one is malformed', async () => {
    const both = await imagesOf(
      component('one', "'host:1/x/b:2'") + component('two', "{ name: 'c', uriFrom: 'B_URI' }"),
      ['one', 'two'],
    );
    expect(() => both.plan()).toThrow('the images b and c have one reference, host:1/x/b:2');
    const malformed = await imagesOf(component('one', "'No Name'"), ['one']);
    expect(() => malformed.plan()).toThrow('"No Name" is no reference of an image');
  });

  it('are refused where a Dockerfile leaves the code out, or copies secrets', async () => {
    const gathered = async (dockerfile: string): Promise<readonly string[]> => {
      const { images, root } = await imagesOf(component('one', "'a'"), ['one'], {
        'Dockerfiles/a.Dockerfile': dockerfile,
        '.env': 'A=1',
        'conf/.env.production': 'A=1',
        'conf/x.txt': 'x',
      });
      const [plan] = planImages(images, { root, wanted: [] });
      if (plan === undefined) throw new Error('no plan');
      return gatherContext(plan, { root, buildArguments: {}, target: {}, programs: [] }).map(
        ({ path }) => path,
      );
    };
    await expect(gathered('FROM x\nCOPY bundle/ /\n')).rejects.toThrow('does not copy programs/');
    await expect(gathered('FROM x\nCOPY programs/ /\n')).rejects.toThrow('does not copy bundle/');
    const whole = 'FROM x\nCOPY programs/ /\nCOPY bundle/ /\n';
    await expect(gathered(`${whole}COPY .env /\n`)).rejects.toThrow('copies .env: whoever may pull');
    const paths = await gathered(`${whole}COPY conf/ /conf/\nCOPY ../outside.txt /\n`);
    expect(paths.filter((path) => !path.startsWith('bundle/'))).toEqual([
      '.ferrule.Dockerfile',
      'conf/x.txt',
    ]);
  });
});
