import { concat, container, ifPresent, pipeline, type Dataset, type Int } from 'ferrule';

interface Inputs {
  readonly x: string;
  readonly y?: string;
  readonly z?: Int;
  readonly d?: Dataset;
}

export const deep = container<Inputs>(({ x, y, z, d }) => ({
  image: 'busybox',
  command: [concat('sh', '-', concat('c', x))],
  args: [
    ifPresent(y, [ifPresent(z, ['--z', z], 'no z'), y], ifPresent(z, 'only z')),
    concat('a', ifPresent(y, concat('[', y, ']'), ifPresent(z, z))),
    ifPresent(d, ['--d', d.path, concat('u=', d.uri)], []),
    'Zürich "quoted" \\ \n new line \u{1F600}',
    concat('Zürich "quoted" \\ \n new line \u{1F600} \x7f', x),
  ],
}));

export default pipeline('container-nested', {}, () => {
  deep({ x: 'a' });
  deep({ x: 'b', y: 'c', z: 1 });
});
