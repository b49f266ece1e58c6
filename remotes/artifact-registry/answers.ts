/** What Artifact Registry answers, read once: https://cloud.google.com/artifact-registry/docs/reference/rest. */
import { z } from 'zod';
import { isDigest } from '../../spec/index.ts';
import type { TemplatePackage, TemplateTag, TemplateVersion } from '../ports.ts';

const packageAnswer = z.object({
  name: z.string(),
  displayName: z.string().optional(),
  createTime: z.string().optional(),
  updateTime: z.string().optional(),
});
const tagAnswer = z.object({ name: z.string(), version: z.string() });
const versionAnswer = z.object({
  name: z.string(),
  description: z.string().optional(),
  createTime: z.string().optional(),
  updateTime: z.string().optional(),
  relatedTags: z.array(tagAnswer).optional(),
});
const operationAnswer = z.object({
  name: z.string().optional(),
  done: z.boolean().optional(),
  error: z.object({ message: z.string().optional() }).optional(),
});

export type Operation = z.infer<typeof operationAnswer>;

const page = z.object({ nextPageToken: z.string().optional() });

/** A page of a listing. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken?: string;
}

export const readPackage = (value: unknown): TemplatePackage => {
  const { name, createTime, updateTime } = packageAnswer.parse(value);
  return {
    kind: 'template-package',
    name: lastOf(name),
    ...(createTime !== undefined && { createdAt: createTime }),
    ...(updateTime !== undefined && { updatedAt: updateTime }),
  };
};

export const readTag = (value: unknown): TemplateTag => {
  const { name, version } = tagAnswer.parse(value);
  return { kind: 'template-tag', name: lastOf(name), version: lastOf(version) };
};

export const readVersion = (value: unknown): TemplateVersion => {
  const { name, description, createTime, updateTime, relatedTags = [] } = versionAnswer.parse(value);
  const version = lastOf(name);
  return {
    kind: 'template-version',
    package: /packages\/([^/]+)\//.exec(name)?.[1] ?? '',
    name: version,
    ...(isDigest(version) && { digest: version }),
    ...(description !== undefined && description !== '' && { description }),
    ...(createTime !== undefined && { createdAt: createTime }),
    ...(updateTime !== undefined && { updatedAt: updateTime }),
    tags: relatedTags.map((tag) => lastOf(tag.name)).sort(),
  };
};

export const readOperation = (value: unknown): Operation => operationAnswer.parse(value);

/** Reads a page whose items stand in a field; an empty page has no such field. */
export function pageReader<T>(field: string, read: (value: unknown) => T): (value: unknown) => Page<T> {
  const shape = page.extend({ [field]: z.array(z.unknown()).optional() });
  return (value) => {
    const parsed: Record<string, unknown> = shape.parse(value);
    const { nextPageToken } = page.parse(value);
    const items = z.array(z.unknown()).optional().parse(parsed[field]) ?? [];
    return { items: items.map(read), ...(nextPageToken && { nextPageToken }) };
  };
}

/** The last part of a resource's name. */
function lastOf(name: string): string {
  return decodeURIComponent(name.slice(name.lastIndexOf('/') + 1));
}
