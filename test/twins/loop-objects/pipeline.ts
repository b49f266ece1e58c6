import { component, forEach, pipeline } from 'ferrule';

export const say = component({ image: 'a' }, (_inputs: { first: string; second: string }) => {});
export const whole = component({ image: 'b' }, (_inputs: { entry: { a: string; b: string } }) => {});

const entries = [
  { b: 'x', a: 'y' },
  { a: 'z', b: 'w' },
];

export default pipeline('loop-objects', {}, () => {
  forEach(entries, (entry) => {
    say({ first: entry.a, second: entry.b });
    whole({ entry });
  });
});
