import { component, pipeline } from 'ferrule';

export const step = component({ image: 'a', assets: ['../not-there.onnx'] }, () => {});

export default pipeline('missing-asset', {}, () => {
  step({});
});
