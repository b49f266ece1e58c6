import type { RunQuery } from '../ports.ts';
import type { KfpHttp } from './kfp-http.ts';

/** Writes what page of a listing is wanted, as KFP's API takes it. */
export function pageQuery(
  { namespace }: KfpHttp,
  { filter, sortBy = 'created_at desc', pageSize = 20, pageToken }: RunQuery,
) {
  return { page_token: pageToken, page_size: pageSize, sort_by: sortBy, namespace, filter };
}
