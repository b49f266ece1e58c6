import { component, forEach, pipeline, type Int } from 'ferrule';

export const groups = component({ image: 'a' }, (): { members: Int[]; others: Int[] }[] => []);
export const take = component({ image: 'b' }, (_inputs: { n: Int }) => {});
export const whole = component({ image: 'c' }, (_inputs: { ns: Int[] }) => {});

export default pipeline('loop-over-fields', {}, () => {
  forEach(groups().outputs.Output, (group) =>
    forEach(group.members, (member) => {
      take({ n: member });
      whole({ ns: group.others });
    }),
  );
});
