/** Where attempts run: recorded with cache entries, in the key where a component varies by it. */
export interface Platform {
  /** Operating system and processor, such as `linux-x64`. */
  readonly platform: string;
  /** Version of Node.js without `v`, where the runner knows it. */
  readonly node?: string;
  /** Such as `cuda`; absent for none. */
  readonly accelerator?: string;
  /** The image that was really used, with its digest, where there was one. */
  readonly image?: string;
}
