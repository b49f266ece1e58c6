/** FER7xxx: building, differentiating and training ONNX graphs. */
export const onnxCodes = {
  FER7001: 'An ONNX operator or type is not supported',
} as const;
