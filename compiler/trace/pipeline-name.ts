/** Finds the name in the first argument of pipeline(), which is a name or all options; empty where there is none. */
export function nameOfPipeline(given: unknown): string {
  const name: unknown = typeof given === 'object' && given !== null && 'name' in given ? given.name : given;
  return typeof name === 'string' ? name : '';
}
