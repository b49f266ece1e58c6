import { FerruleError } from '../../errors/index.ts';
import { artifactAnswer, reading } from './answers.ts';
import type { KfpHttp } from './kfp-http.ts';

/** An artifact as KFP knows it. */
export interface KfpArtifact {
  readonly id: string;
  readonly name?: string;
  readonly uri?: string;
  /** The title of its schema. */
  readonly type?: string;
}

/**
 * Looks up artifacts by their ids. Versions of KFP without artifacts in their API, and artifacts that are gone, give the id
 * alone.
 */
export async function kfpArtifacts(http: KfpHttp, ids: readonly string[]): Promise<readonly KfpArtifact[]> {
  const found: KfpArtifact[] = [];
  let knows = true;
  for (const id of ids) {
    const there = knows ? await find(http, id) : undefined;
    // One that does not know the first is not asked for hundreds.
    if (there === undefined && found.length === 0) knows = false;
    found.push(there ?? { id });
  }
  return found;
}

async function find(http: KfpHttp, id: string): Promise<KfpArtifact | undefined> {
  try {
    const path = `/artifacts/${encodeURIComponent(id)}`;
    const { name, uri, type } = await http.get(
      path,
      `looking at the artifact ${id}`,
      reading(artifactAnswer),
    );
    return {
      id,
      ...(name !== undefined && { name }),
      ...(uri !== undefined && { uri }),
      ...(type !== undefined && { type }),
    };
  } catch (error) {
    if (error instanceof FerruleError && absent.has(error.code)) return undefined;
    throw error;
  }
}

/** Nothing there, not allowed, refused, or a web page: what stands before KFP may answer what KFP does not know. */
const absent: ReadonlySet<string> = new Set(['FER8003', 'FER8004', 'FER8007', 'FER8009']);
