// Bringing pictures in, next to the floor of the same work in the same run: both digests, one full decode, pyramid and
// thumbnail by direct calls on the same files. The product also checks, keeps, records, audits and queues. Prints the
// ratio; exit 1 above the bar. Real PostgreSQL, real files, fsync as in production.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCollection } from '@albumen/contracts';
import { closeDecoders, decodeFully, encodePyramid, encodeThumbnail } from '@albumen/imaging';
import { openRuntime } from '@albumen/runtime';
import {
  CharacteriseOriginal,
  CreateCollection,
  IngestFolder,
  MakeDerivatives,
  RecognisePerson,
  thumbnailSide,
} from '@albumen/workflow';
import sharp from 'sharp';
import { root } from '../../tools/places.mjs';
import { openDataFolder } from '../../apps/cli/dist/server/data-folder.js';
import { findPostgres } from '../../apps/cli/dist/server/postgres-binaries.js';
import { PostgresCluster } from '../../apps/cli/dist/server/postgres-cluster.js';

const pictures = 12;
const size = { width: 4000, height: 3000 };
const bar = 1.5;

const scratch = await mkdtemp(join(tmpdir(), 'albumen-bench-'));
const folder = join(scratch, 'pictures');
let cluster;
let runtime;
try {
  await mkdir(folder);
  await make();
  const data = openDataFolder(join(scratch, 'data'));
  cluster = await PostgresCluster.start(data, findPostgres(console.log), () => undefined);
  runtime = await openRuntime({
    dataDir: data.path,
    databaseUrl: cluster.url,
    queue: 'memory',
    modelsDir: join(root, 'models'),
    software: { name: 'albumen-bench', version: '0.1.0' },
    publicUrl: 'http://127.0.0.1',
  });
  await floor(join(scratch, 'warm'), 1);
  const first = await timed(() => floor(join(scratch, 'floor-1')));
  const product = await ingest();
  const second = await timed(() => floor(join(scratch, 'floor-2')));
  const least = Math.min(first, second);
  const whole = product.custody + product.derivatives;
  const ratio = whole / least;
  const per = (seconds) => `${seconds.toFixed(2)} s (${(seconds / pictures).toFixed(3)} s a picture)`;
  console.log(
    `${pictures} pictures of ${(size.width * size.height) / 1e6} megapixels, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}`,
  );
  console.log(
    `floor: digests, full decode, pyramid, thumbnail   ${per(least)}  (the other run ${first === least ? second.toFixed(2) : first.toFixed(2)} s)`,
  );
  console.log(`custody: plan, checks, decode, OCFL, audit        ${per(product.custody)}`);
  console.log(`characterise, pyramid, thumbnail, audit           ${per(product.derivatives)}`);
  console.log(`ratio to the floor                                ${ratio.toFixed(2)} (bar ${bar})`);
  process.exitCode = ratio <= bar ? 0 : 1;
} finally {
  await runtime?.close();
  await cluster?.stop();
  closeDecoders();
  await rm(scratch, { recursive: true, force: true });
}

async function timed(work) {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** Large JPEGs out of a sample, each with its own bytes. */
async function make() {
  const source = join(root, 'samples', 'aged', '02-house.jpg');
  for (let number = 1; number <= pictures; number++) {
    await sharp(source)
      .resize(size.width, size.height, { fit: 'fill' })
      .modulate({ brightness: 1 + number / 200 })
      .jpeg({ quality: 90 })
      .toFile(join(folder, `picture-${String(number).padStart(2, '0')}.jpg`));
  }
}

async function floor(into, count = pictures) {
  await mkdir(into);
  for (const name of (await readdir(folder)).sort().slice(0, count)) {
    const path = join(folder, name);
    const digests = [createHash('sha256'), createHash('sha512')];
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      for (const digest of digests) digest.update(chunk);
    }
    for (const digest of digests) digest.digest();
    await decodeFully(path);
    await encodePyramid(path, join(into, `${name}.tif`));
    await encodeThumbnail(path, join(into, `${name}.thumbnail.jpg`), { longSide: thumbnailSide });
  }
}

/** The way of the product: custody of all, then the jobs that make derivatives, one after the other as a worker does. */
async function ingest() {
  const { bench } = runtime;
  const by = { subject: 'bench', name: 'Bench', email: null, roles: ['administrator'], door: 'command-line' };
  const { actor } = await new RecognisePerson(bench).execute(by);
  const { id: collectionId } = await new CreateCollection(bench).execute(
    actor,
    createCollection.parse({ title: { en: 'Bench' } }),
  );
  let answers = [];
  const custody = await timed(async () => {
    ({ answers } = await new IngestFolder(bench).execute(actor, { folder, collectionId }));
  });
  const received = answers.map(({ answer }) => answer).filter(({ outcome }) => outcome === 'received');
  if (received.length !== pictures) throw new Error(`${received.length} of ${pictures} pictures were received`);
  const job = (name, id) => ({ kind: 'job', name, id });
  const derivatives = await timed(async () => {
    for (const { originalId } of received) {
      await new CharacteriseOriginal(bench).execute(job('characterise-original', originalId), { originalId });
      await new MakeDerivatives(bench).execute(job('make-derivatives', originalId), { originalId });
    }
  });
  return { custody, derivatives };
}
