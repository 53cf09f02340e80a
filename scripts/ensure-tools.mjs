// Makes sure that what the tests need beyond the project's packages is there: Microsoft's `az`, which has to work against the sandbox,
// Chromium, which opens the page of a review, ssh-keygen, which signs approvals, and Azurite, which stands for Azure Storage. Azurite brings hundreds of packages along, so it lies by itself and not among ours.
// Installs it where that is possible without asking (Debian or Ubuntu, as root); says how to elsewhere.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';

const say = (line) => process.stderr.write(`ensure-tools: ${line}\n`);
// `az version` says what is installed; `az --version` would also look for updates on the network.
const quietly = { ...process.env, AZURE_CORE_COLLECT_TELEMETRY: 'false', AZURE_CONFIG_DIR: join(tmpdir(), 'keyturn-ensure-tools') };
const works = () => spawnSync('az', ['version'], { stdio: 'ignore', env: quietly }).status === 0;
const isDebian = () =>
  existsSync('/etc/os-release') && /^(ID|ID_LIKE)=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
const inCi = !['', '0', 'false', undefined].includes(process.env.CI);

function run(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
}

function install(name, isThere) {
  if (process.getuid?.() !== 0 || !isDebian()) return false;
  say(`installing ${name} with apt-get, this takes a few minutes; it is needed once`);
  return run('apt-get', ['update']) && run('apt-get', ['install', '-y', '--no-install-recommends', name]) && isThere();
}

if (!works() && !install('azure-cli', works)) {
  say('`az` (azure-cli) is missing: the tests that drive the sandbox with it WILL BE SKIPPED');
  say('install it with `apt-get install azure-cli` as root, or see https://learn.microsoft.com/cli/azure/install-azure-cli');
  if (inCi) {
    say('CI is set, and there nothing may be skipped: failing');
    process.exitCode = 1;
  }
}

const opens = () => spawnSync('/usr/bin/chromium', ['--version'], { stdio: 'ignore' }).status === 0;

if (!opens() && !install('chromium', opens)) {
  say('`/usr/bin/chromium` is missing: the tests that open the page of a review WILL BE SKIPPED');
  say('install it with `apt-get install chromium` as root');
  if (inCi) {
    say('CI is set, and there nothing may be skipped: failing');
    process.exitCode = 1;
  }
}

// `ssh-keygen` says nothing of its version: what it says of a sub-command without a file is enough.
const signs = () => spawnSync('ssh-keygen', ['-Y', 'sign'], { stdio: 'ignore' }).error === undefined;

if (!signs() && !install('openssh-client', signs)) {
  say('`ssh-keygen` is missing: the tests of signed approvals WILL FAIL');
  say('install it with `apt-get install openssh-client` as root');
  if (inCi) process.exitCode = 1;
}

const azurite = { version: '3.35.0', home: resolve(import.meta.dirname, '../.tmp/azurite') };

function ensureAzurite() {
  const manifest = join(azurite.home, 'node_modules/azurite/package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === azurite.version) return true;
  say('installing Azurite with npm into .tmp, this takes a minute; it is needed once');
  mkdirSync(azurite.home, { recursive: true });
  writeFileSync(join(azurite.home, 'package.json'), '{ "private": true }\n');
  // Its packages' own scripts build what a state in memory does not need.
  return run('npm', [
    'install',
    '--prefix',
    azurite.home,
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    `azurite@${azurite.version}`,
  ]);
}

if (!ensureAzurite()) {
  say('Azurite could not be installed: the tests of a state in Azure Blob Storage WILL BE SKIPPED');
  if (inCi) {
    say('CI is set, and there nothing may be skipped: failing');
    process.exitCode = 1;
  }
}
