/** Lets a component that reads a bucket by itself be who its user is, as it would be in a process of theirs. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Attempt } from '../../engine/ports.ts';
import { amazonVariables, googleVariables } from '../../executor/cloud-variables.ts';
import { pick } from '../../executor/own-environment.ts';
import { homeInContainer, locationsOf } from './mounts.ts';
import type { ResolvedOptions } from './options.ts';

export interface CloudAccess {
  readonly env: Readonly<Record<string, string>>;
  /** Files and folders to show, by their path in the container. */
  readonly files: Readonly<Record<string, string>>;
  /** Values to keep out of logs. */
  readonly secrets: readonly string[];
}

/**
 * Gives what a component needs for the buckets in its parameters: nothing where it names none there. Only
 * components of ours say what they read.
 */
export function cloudAccess(attempt: Attempt, { env, cwd }: ResolvedOptions): CloudAccess {
  const locations = locationsOf(attempt);
  const own = env['HOME'] ?? homedir();
  const access = { env: {} as Record<string, string>, files: {} as Record<string, string> };
  if (locations.some((location) => location.startsWith('gs://') || isBucketName(location, cwd))) {
    Object.assign(access.env, pick(env, googleVariables));
    const standard = join(own, '.config', 'gcloud', 'application_default_credentials.json');
    const file = env['GOOGLE_APPLICATION_CREDENTIALS'] ?? standard;
    if (existsSync(file)) {
      access.env['GOOGLE_APPLICATION_CREDENTIALS'] = '/tmp/google-credentials.json';
      access.files['/tmp/google-credentials.json'] = file;
    }
  }
  if (locations.some((location) => /^(s3|minio):\/\//.test(location))) {
    Object.assign(access.env, pick(env, amazonVariables));
    if (existsSync(join(own, '.aws'))) access.files[join(homeInContainer, '.aws')] = join(own, '.aws');
  }
  const hidden = [access.env['AWS_SECRET_ACCESS_KEY'], access.env['AWS_SESSION_TOKEN']];
  return { ...access, secrets: hidden.filter((value) => value !== undefined) };
}

/** A bare word is a bucket where no folder of that name lies here. */
function isBucketName(location: string, cwd: string): boolean {
  return /^[a-z0-9][a-z0-9._-]+$/.test(location) && !existsSync(resolve(cwd, location));
}
