/** Reads outside data: folders, buckets and samples. */
export { mapBounded } from './bounded.ts';
export { digestLocation, digestOfFile, type DigestOptions, type LocationDigest } from './digest.ts';
export {
  fetchFile,
  fetchFiles,
  fetchOne,
  openFile,
  type DownloadOptions,
  type ListedFiles,
} from './fetch.ts';
export type { LocationFile } from './folder-files.ts';
export { listLocation, type Listing } from './list.ts';
export { describeLocation, resolveLocation, type Location, type LocationOptions } from './location.ts';
export { readStatCache, type FileStamp, type SavedStatCache, type StatCache } from './stat-cache.ts';
