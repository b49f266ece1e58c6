import { component, type Dataset } from 'ferrule';

export const train = component({ image: 'b' }, (inputs: { data: Dataset; epochs: number }) => {});
