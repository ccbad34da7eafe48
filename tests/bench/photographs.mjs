// Photographs for benches that run the real server, and where they stand in it.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { root } from '../../tools/places.mjs';

/** Two megapixels. */
export const size = { width: 1632, height: 1224 };

/** The project's own aged pictures at one size, each with its own light, so that every one has bytes of its own. */
export async function drawPhotographs(folder, pictures) {
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
