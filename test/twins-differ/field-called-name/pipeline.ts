import { component, forEach, pipeline, required } from 'ferrule';

export const use = component({ image: 'a' }, (_inputs: { text: string }) => {});

export default pipeline(
  'field-called-name',
  { people: required<Record<'name', string>[]>() },
  ({ people }) => {
    forEach(people, (person) => use({ text: person.name }));
  },
);
