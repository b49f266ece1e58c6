import { component, type Dataset } from 'ferrule';

export const fetch = component({ image: 'a' }, (inputs: { when: Date }, out: { data: Dataset }) => {});
