// Builds dist/: the compiled program, its templates, and a link that lets `npx psynclab` find it in a checkout.
// Runs in `prepare`, so after every `npm ci`; without the compiler (an installation without development
// dependencies) it leaves everything as it is.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const program = join(dist, 'src/cli/main.js');
const compiler = join(root, 'node_modules/typescript/bin/tsc');

if (!existsSync(compiler)) {
  console.error('build: no TypeScript compiler here, dist/ stays as it is');
  process.exit(0);
}

rmSync(dist, { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

await buildViewer();
mkdirSync(join(dist, 'src/cli'), { recursive: true });
cpSync(join(root, 'src/cli/templates'), join(dist, 'src/cli/templates'), { recursive: true });
chmodSync(program, 0o755);
linkProgram();

// The page of a report carries its script and style in itself: each is one file that the program only reads.
async function buildViewer() {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: { viewer: 'src/viewer/main.tsx', 'viewer-style': 'src/viewer/styles/viewer.css' },
    outdir: join(dist, 'src/report/html'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome123', 'firefox120', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'warning',
  });
}

// npx looks here first; without it, it would make an installation of the checkout in its cache.
function linkProgram() {
  const directory = join(root, 'node_modules/.bin');
  const link = join(directory, 'psynclab');
  if (process.platform === 'win32' || !existsSync(directory)) return;
  if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) rmSync(link);
  symlinkSync('../../dist/src/cli/main.js', link);
}
