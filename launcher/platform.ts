import { existsSync } from 'node:fs';
import type { Platform } from '../engine/ports.ts';

/** Tells where this process runs; its Node.js is the component's, in an image of ours. */
export function platformHere(): Platform {
  return {
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    ...(existsSync('/dev/nvidiactl') && { accelerator: 'cuda' }),
  };
}
