import { component, pipeline, required } from 'ferrule';

export const step = component({ image: 'a' }, (inputs: { text?: string }) => {});

step({});

export default pipeline('called-outside', { untyped: required() }, () => {});
