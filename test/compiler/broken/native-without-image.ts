import { component, pipeline } from 'ferrule';
import sharp from 'sharp';

export const shrink = component({}, (inputs: { file: string }) => void sharp(inputs.file));

export default pipeline('native-without-image', {}, () => {
  shrink({ file: 'x' });
});
