/** How a picture on disk becomes the pixels a model takes. Written into the model, so that whoever uses it does the same. */
export interface Preprocessing {
  /** Width of the model's input, in pixels. */
  readonly width: number;
  /** Height of the model's input, in pixels. */
  readonly height: number;
  /** How a picture of another shape is fitted: cut at the centre, padded with white, or stretched. */
  readonly fit: 'cover' | 'contain' | 'fill';
  /** The resampling kernel. */
  readonly kernel: 'nearest' | 'linear' | 'cubic' | 'mitchell' | 'lanczos2' | 'lanczos3';
  /** Order of the channels. */
  readonly channels: 'rgb';
}

/** The preprocessing of the built-in backbone: 224 x 224, cut at the centre. */
export const defaultPreprocessing: Preprocessing = {
  width: 224,
  height: 224,
  fit: 'cover',
  kernel: 'lanczos3',
  channels: 'rgb',
};

const fits: readonly string[] = ['cover', 'contain', 'fill'];
const kernels: readonly string[] = ['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3'];

/**
 * Reads a preprocessing from JSON text, such as a model's metadata.
 * @throws TypeError where a field is missing or has no meaning here
 */
export function parsePreprocessing(text: string): Preprocessing {
  const found: unknown = JSON.parse(text);
  if (typeof found !== 'object' || found === null)
    throw new TypeError('the preprocessing is not a JSON object');
  const { width, height, fit, kernel, channels } = found as Record<string, unknown>;
  if (!isSize(width) || !isSize(height))
    throw new TypeError('the preprocessing has no whole width and height');
  if (!isFit(fit)) throw new TypeError(`the preprocessing has the unknown fit ${JSON.stringify(fit)}`);
  if (!isKernel(kernel))
    throw new TypeError(`the preprocessing has the unknown kernel ${JSON.stringify(kernel)}`);
  if (channels !== 'rgb')
    throw new TypeError(`the preprocessing has the unknown channels ${JSON.stringify(channels)}`);
  return { width, height, fit, kernel, channels };
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function isFit(value: unknown): value is Preprocessing['fit'] {
  return typeof value === 'string' && fits.includes(value);
}

function isKernel(value: unknown): value is Preprocessing['kernel'] {
  return typeof value === 'string' && kernels.includes(value);
}
