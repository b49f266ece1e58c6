/** Names a run that got no name: the pipeline's, and when it was started, to the second. */
export function runNameOf(pipeline: string, at: Date): string {
  return `${pipeline} ${at.toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '-')}`;
}
