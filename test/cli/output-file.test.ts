import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeOutputFile } from '../../cli/output-file.ts';

describe('a file that a command writes', () => {
  it('that is a pipe or a device is written to, and not replaced', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferrule-output-'));
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = spawn('cat', [pipe]);
    const read = new Promise((done) => reader.stdout.setEncoding('utf8').on('data', done));
    await writeOutputFile(pipe, 'content');
    expect(await read).toBe('content');
    expect(statSync(pipe).isFIFO()).toBe(true);
    rmSync(folder, { recursive: true });
  });
});
