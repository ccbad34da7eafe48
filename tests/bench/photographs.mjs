// Photographs for benches that run the real server (`albumen up` with its own database, API and worker), and where they stand in it.
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { readConfig } from '../../apps/cli/dist/config.js';
import { openInstallation } from '../../apps/cli/dist/server/installation.js';
import { root } from '../../tools/places.mjs';
import { freePorts, startAlbumen } from '../e2e/server.mjs';

/** Two megapixels. */
export const size = { width: 1632, height: 1224 };

/**
 * Draws photographs, starts a server that takes them in as one collection, and measures: `measure` is given the server, the
 * opened installation and when the server was asked to start. Nothing is left of it afterwards, also where it was stopped by hand.
 */
export async function withPhotographs(pictures, collection, measure) {
  const scratch = await mkdtemp(join(tmpdir(), 'albumen-bench-'));
  // What server and browser leave among the temporary files goes with the run.
  process.env.TMPDIR = scratch;
  const [data, folder] = [join(scratch, 'data'), join(scratch, 'photographs')];
  let server;
  let installation;
  // Stopped by hand: the server ends in the ordinary way, and with it the run.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void server?.stop());
  try {
    await mkdir(folder);
    await draw(folder, pictures);
    const port = await freePorts();
    const arrived = Date.now();
    server = await startAlbumen({ data, port, args: ['--ingest', folder, '--collection', collection] });
    const environment = { ...process.env, ALBUMEN_DATA: data, ALBUMEN_PORT: String(port), ALBUMEN_ROOT: root };
    installation = await openInstallation(readConfig(environment), () => undefined);
    await measure({ server, installation, arrived });
  } finally {
    await installation?.close();
    await server?.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The project's own aged pictures at one size, each with its own light, so that every one has bytes of its own. */
async function draw(folder, pictures) {
  const aged = join(root, 'samples', 'aged');
  const sources = (await readdir(aged)).filter((name) => /\.(jpg|tif)$/.test(name)).sort();
  for (let number = 0; number < pictures; number++)
    await sharp(join(aged, sources[number % sources.length]))
      .resize(size.width, size.height, { fit: 'fill' })
      .modulate({ brightness: 1 - Math.floor(number / sources.length) / 100 })
      .jpeg({ quality: 92 })
      .toFile(join(folder, `photograph-${String(number + 1).padStart(3, '0')}.jpg`));
}

/** How many have arrived, and what became of them: counted from rows. */
export async function photographsIn(installation) {
  const [row] = await installation.bench.database.read.query(
    `select count(*)::int as received,
            (count(*) filter (where restoration.status = 'proposed'))::int as proposed,
            (count(*) filter (where report.treatment_needed = false))::int as fine,
            (count(*) filter (where restoration.status = 'failed' or fault.found))::int as failed
       from original
       left join damage_report report on report.original_id = original.id
       left join restoration on restoration.original_id = original.id
       cross join lateral (select exists (select 1 from processing p where p.original_id = original.id and p.state = 'failed') as found) fault`,
  );
  return { ...row, done: row.proposed + row.fine + row.failed };
}
