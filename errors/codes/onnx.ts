/** FER7xxx: building, differentiating and training ONNX graphs. */
export const onnxCodes = {
  FER7001: 'An ONNX operator, type or attribute is not supported',
  FER7002: 'The shapes or types of an operator do not fit together',
  FER7003: 'An ONNX operator has no gradient rule',
  FER7004: 'A file is not a readable ONNX model',
  FER7005: 'An ONNX graph is malformed',
  FER7006: 'ONNX graphs cannot be joined or cut as asked',
  FER7007: 'ONNX Runtime cannot run a graph',
} as const;
