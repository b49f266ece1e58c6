// The package is CommonJS: Node finds its parts on the default export alone.
import proto from 'onnx-proto';

export type { onnx as OnnxTypes } from 'onnx-proto';

/** The messages of ONNX's file format. */
export const messages: typeof proto.onnx = proto.onnx;
