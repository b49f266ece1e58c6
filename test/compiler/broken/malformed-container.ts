import { concat, container, ifPresent, pipeline, type Dataset, type Int } from 'ferrule';

interface Inputs {
  readonly text?: string;
  readonly data?: Dataset;
  readonly label?: string;
}

const noImage = container<Inputs>(() => ({ image: '', args: ['a'] }));
const artifactText = container<Inputs>(({ data }) => ({ image: 'a', args: [`--data ${data}`] }));
// @ts-expect-error no such input, no such output
const unknown = container<Inputs>(({ txt }, { lines }) => ({ image: 'a', args: [txt, lines.path] }));
const lists = container<Inputs>(({ text, label }) => ({
  image: 'a',
  args: [concat('--', ifPresent(label, ['a', label])), concat(ifPresent(label, ifPresent(text, ['b'])))],
}));
const items = container<Inputs>(({ text }) => ({
  image: 'a',
  // @ts-expect-error no list
  command: 'echo',
  // @ts-expect-error no texts
  args: [null, { text }, ['a'], true],
}));
const tested = container<Inputs>(({ label, text }) => ({
  image: 'a',
  args: [label ? '--label' : '--none', text === 'x' ? 'x' : 'y', label !== undefined ? 'l' : 'm'],
}));
const structText = container<Inputs>(({ text }) => ({ image: 'a', args: [`${concat('a', text)}`] }));
const ofOutput = container<Inputs, { lines: Int }>((_, { lines }) => ({
  image: 'a',
  args: [ifPresent(lines.path, 'a')],
}));
const throwing = container<Inputs>(() => {
  throw new Error('no such tool');
});
// @ts-expect-error it gives nothing back
const nothing = container<Inputs>(() => {});
const options = container<Inputs>(() => ({
  image: 'a',
  cpu: 'many',
  memory: '1 GB',
  // @ts-expect-error an option that there is not
  entrypoint: ['a'],
  kubernetes: { volumes: [{ claim: 'c', mountPath: 'data' }] },
}));
// @ts-expect-error a default of another type
const defaults = container<Inputs>(({ text = 3 }) => ({ image: 'a', args: [text] }));
const all = [
  noImage, artifactText, unknown, lists, items, tested, structText, ofOutput, throwing, nothing, options, defaults,
]; // prettier-ignore

export default pipeline('malformed-container', {}, () => {
  const inner = container(() => ({ image: 'a' }));
  inner();
  for (const step of all) step();
});
