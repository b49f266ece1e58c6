/** FER61xx: building and pushing the images of components. */
export const imageCodes = {
  FER6100: 'No Docker engine answers',
  FER6101: 'The build of an image failed',
  FER6102: 'An image could not be pushed',
  FER6103: 'The reference of an image is malformed, or cannot be pushed to',
  FER6104: 'There is no image of that name to build',
  FER6105: 'The packages of a component cannot be put into an image',
  FER6106: 'A program that goes into images is missing from this installation',
  FER6107: 'A Dockerfile copies what must not be in an image',
  FER6108: 'The credentials for a registry cannot be read',
  FER6109: 'The digests of base images cannot be read or found',
} as const;
