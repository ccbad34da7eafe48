// Photographs for the bench: overlapping discs, a faded sepia tone, grain, scratches and dust.

/** Numbers 0..1 that are the same in every run (mulberry32). */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One sheet of scene in grey levels of 255, without grain. */
function scene(width, height) {
  const random = randomFrom(12);
  const grey = new Float32Array(width * height).fill(150);
  for (let disc = 0; disc < 2500; disc++) {
    const radius = 15 + 320 * random() ** 4;
    const [cx, cy, level] = [random() * width, random() * height, 30 + 190 * random()];
    for (let y = Math.max(0, Math.ceil(cy - radius)); y < Math.min(height, cy + radius); y++) {
      const reach = Math.sqrt(Math.max(0, radius * radius - (y - cy) ** 2));
      const from = Math.max(0, Math.ceil(cx - reach));
      grey.fill(level, y * width + from, y * width + Math.min(width, Math.ceil(cx + reach)));
    }
  }
  for (let at = 0; at < grey.length; at++) grey[at] = 60 + 0.55 * grey[at];
  const set = (x, y) => {
    if (x >= 0 && y >= 0 && x < width && y < height) grey[y * width + x] = 235;
  };
  for (let line = 0; line < 25; line++) {
    const [x0, y0, slope, length] = [random() * width, random() * height, random() - 0.5, 200 + random() * 1200];
    for (let step = 0; step < length; step++)
      for (let wide = 0; wide < 3; wide++) set(Math.round(x0 + slope * step) + wide, Math.round(y0 + step));
  }
  for (let speck = 0; speck < 500; speck++) {
    const [x, y, size] = [Math.floor(random() * width), Math.floor(random() * height), 2 + Math.floor(5 * random())];
    for (let dy = 0; dy < size; dy++) for (let dx = 0; dx < size; dx++) set(x + dx, y + dy);
  }
  return grey;
}

/** Strips of interleaved RGB samples; a picture larger than one sheet repeats it, with other grain. */
export function* photograph(width, height, depth) {
  const [across, down] = [4000, 3000];
  const sheet = scene(across, down);
  const random = randomFrom(7);
  // Sums of three uniform numbers, made once: the grain of a large picture would take longer than its restoration.
  const grain = Float32Array.from({ length: 1 << 20 }, () => 16 * (random() + random() + random() - 1.5));
  const scale = depth === 16 ? 257 : 1;
  const full = depth === 16 ? 65535 : 255;
  const rows = 250;
  for (let y = 0; y < height; y += rows) {
    const count = Math.min(rows, height - y);
    const strip = depth === 16 ? new Uint16Array(count * width * 3) : new Uint8Array(count * width * 3);
    for (let row = 0, to = 0; row < count; row++) {
      let at = Math.floor(random() * grain.length);
      const line = ((y + row) % down) * across;
      for (let x = 0; x < width; x++, to += 3) {
        const grey = sheet[line + (x % across)] + grain[at++ & (grain.length - 1)];
        strip[to] = Math.min(full, Math.max(0, (grey + 9) * scale));
        strip[to + 1] = Math.min(full, Math.max(0, grey * scale));
        strip[to + 2] = Math.min(full, Math.max(0, (grey - 14) * scale));
      }
    }
    yield strip;
  }
}
