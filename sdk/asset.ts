/**
 * Gives the path of a file that the component declared under `assets`: the same path, relative to the source file.
 * `from` is always `import.meta.url`. In a bundle the call finds the copy that travels with the code.
 *
 * @example asset('../../backbones/efficientnet-lite0.onnx', import.meta.url)
 */
export function asset(path: string, from: string): string {
  return decodeURIComponent(new URL(path, from).pathname);
}
