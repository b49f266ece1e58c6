import { component, forEach, pipeline } from 'ferrule';

export const say = component({ image: 'a' }, (_inputs: { text: string }) => {});

export default pipeline('loop-texts', { who: 'you' }, ({ who }) => {
  forEach(['red', 'grün', 'it\'s "blue"'], (colour) => {
    say({ text: colour });
    say({ text: `${who} like ${colour}` });
  });
});
