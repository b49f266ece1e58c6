/** Renders the sample into a folder. */
export async function renderSample(folder: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await Promise.reject(new Error(folder));
}
