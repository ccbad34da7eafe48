import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { root } from '../../tools/places.mjs';

/** Two neighbouring free ports of the loopback: the API's and the sign-in's. */
export async function freePorts() {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = await free(0);
    if (port < 65_000 && (await free(port + 1).catch(() => 0)) === port + 1) return port;
  }
  throw new Error('no two neighbouring ports are free');
}

function free(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const found = server.address().port;
      server.close(() => resolve(found));
    });
  });
}

/**
 * Starts `albumen up` on a data folder and waits until it says that it is ready; answers its address and the seconds it
 * took. `stop` ends it in the ordinary way and answers its exit code.
 */
export async function startAlbumen({ data, port, args = [], environment = {}, readyMs = 120_000 }) {
  const started = Date.now();
  const child = spawn(process.execPath, [join(root, 'apps/cli/bin/albumen.mjs'), 'up', ...args], {
    cwd: root,
    env: { ...process.env, ALBUMEN_DATA: data, ALBUMEN_PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  const ready = new Promise((resolve, reject) => {
    const listen = (chunk) => {
      said += chunk;
      if (/Albumen is ready/.test(said)) resolve();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    ended.then((how) => reject(new Error(`albumen up ended (${how}) before it was ready:\n${said}`)));
    setTimeout(() => reject(new Error(`albumen up was not ready in time:\n${said}`)), readyMs).unref();
  });
  try {
    await ready;
  } catch (error) {
    child.kill('SIGTERM');
    await ended;
    throw error;
  }
  return {
    address: `http://127.0.0.1:${port}`,
    pid: child.pid,
    seconds: (Date.now() - started) / 1000,
    said: () => said,
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      return ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
