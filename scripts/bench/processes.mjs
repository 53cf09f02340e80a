// keyturn and its sandbox as processes of their own, built for the occasion: a build of the package meanwhile takes nothing away.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { root } from './load-source.mjs';

/** A folder with the built command line in it, which is also where measured commands run. */
export function buildProgram() {
  mkdirSync(path.join(root, '.tmp'), { recursive: true });
  const folder = mkdtempSync(path.join(root, '.tmp', 'bench-'));
  execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs'), '--quiet', '--into', path.join(folder, 'dist')]);
  mkdirSync(path.join(folder, 'bin'));
  const script = path.join(folder, 'bin', 'keyturn.js');
  copyFileSync(path.join(root, 'bin', 'keyturn.js'), script);
  return { folder, script, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Runs one command line and measures it: seconds by the clock, of the processor over all threads, and the peak of its memory. */
export async function measured({ folder, script }, words, env) {
  const usage = path.join(folder, 'usage.json');
  rmSync(usage, { force: true });
  const before = performance.now();
  const child = spawn(process.execPath, ['--require', path.join(import.meta.dirname, 'usage.cjs'), '--', script, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', KEYTURN_BENCH_USAGE: usage, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (said.out += text));
  // Progress of a long run is of no interest; its last words are.
  child.stderr.setEncoding('utf8').on('data', (text) => (said.err = (said.err + text).slice(-20_000)));
  const [code, signal] = await once(child, 'close');
  const seconds = (performance.now() - before) / 1000;
  return { code, signal, ...said, seconds, ...JSON.parse(readIfThere(usage) ?? '{}') };
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // A process that was ended from outside wrote nothing.
    return undefined;
  }
}

/** What a command said that failed, in one line. */
export function failure(what, { code, signal, out, err }) {
  const said = `${err}\n${out}`.split('\n');
  const line =
    said.find((text) => /^(error|blocked|failed|undetermined|usage|BUG)\b|FATAL ERROR/.test(text)) ?? said.find((text) => text !== '');
  return `${what} ended with ${signal ?? code}: ${(line ?? 'nothing was said').slice(0, 200)}`;
}

/** Serves a scenario until it is stopped. `env` makes a process its operator. */
export async function startSandbox({ folder, script }, scenario) {
  const home = mkdtempSync(path.join(folder, 'scenario-'));
  writeFileSync(path.join(home, 'scenario.json'), JSON.stringify(scenario));
  const child = spawn(process.execPath, ['--max-old-space-size=8192', '--', script, 'sandbox', '--scenario', home, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const { origin, env } = await firstDocument(child.stdout);
  const ask = (method, what, body) => exchange(`${origin}/_sandbox/${what}`, method, body);
  const profile = JSON.parse(readFileSync(env.KEYTURN_CLOUD, 'utf8'));
  return {
    env,
    metrics: () => ask('GET', 'metrics'),
    resetMetrics: () => ask('DELETE', 'metrics'),
    state: () => ask('GET', 'state'),
    denials: async () => (await ask('GET', 'denials')).value,
    latency: (settings) => ask('POST', 'latency', settings),
    throttle: (settings) => ask('POST', 'throttle', settings),
    moveClock: (milliseconds) => ask('POST', 'clock', { advanceMilliseconds: milliseconds }),
    /** An environment in which keyturn waits in real time: its sleeps do not move the sandbox's clock, so fill no bucket. */
    realTime() {
      const file = path.join(home, 'real-time.json');
      const { sandboxClock, caCertificateFile, ...rest } = profile;
      writeFileSync(
        file,
        JSON.stringify({ ...rest, caPem: readFileSync(path.join(path.dirname(env.KEYTURN_CLOUD), caCertificateFile), 'utf8') }),
      );
      return { ...env, KEYTURN_CLOUD: file };
    },
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** The first whole JSON document on a stream that stays open. */
async function firstDocument(stream) {
  let text = '';
  for await (const chunk of stream) {
    text += chunk;
    try {
      return JSON.parse(text);
    } catch {
      // more is to come
    }
  }
  throw new Error('the sandbox did not start');
}

/** The sandbox's certificate is its own, and nothing leaves this machine. */
async function exchange(url, method, body) {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  const request = https.request(url, { method, headers, rejectUnauthorized: false });
  request.end(text);
  const [response] = await once(request, 'response');
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  const answer = Buffer.concat(chunks).toString('utf8');
  if (response.statusCode >= 300) throw new Error(`${method} ${url} answered ${response.statusCode}: ${answer.slice(0, 300)}`);
  return answer === '' ? undefined : JSON.parse(answer);
}
