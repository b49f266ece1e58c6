/** Ferrule's artifact types by the names they are exported under. */
import type { ArtifactType } from './component-interface.ts';

const titles: Readonly<Record<string, string>> = {
  Dataset: 'system.Dataset',
  Model: 'system.Model',
  Metrics: 'system.Metrics',
  ClassificationMetrics: 'system.ClassificationMetrics',
  SlicedClassificationMetrics: 'system.SlicedClassificationMetrics',
  Html: 'system.HTML',
  Markdown: 'system.Markdown',
};

/** The artifact type of an exported name; for `Artifact` itself, the one that its type arguments say. */
export function knownArtifact(name: string, title?: string, version = '0.0.1'): ArtifactType | undefined {
  if (name === 'Artifact')
    return { kind: 'artifact', title: title ?? 'system.Artifact', version, list: false };
  const known = titles[name];
  return known === undefined ? undefined : { kind: 'artifact', title: known, version: '0.0.1', list: false };
}
