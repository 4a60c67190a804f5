// Where everybody is drawn: a region is a rectangle of blocks, a block 8 by 8 dots, a dot one citizen.
//
// Regions stand in bands from north to south, and in a band from west to east, as their tiles do. All
// regions of a band are equally high, so that dots can be as large as the room allows. Lengths are
// in dots.

const SIDE = 8;
const BLOCK = SIDE * SIDE;
const PITCH = SIDE + 1;
const LABEL = 7;
const GAP = 3;
const MOST_GAP = 26;
const BANDS = [2, 3, 4, 5, 6, 7, 8];

/** Read from what the server says of the stage who is in which region, and in which block. */
export function settled(stage) {
  const regions = stage.regions.map((name, i) => ({
    name, ...(stage.tiles?.[i] ?? gridded(name, i, stage.regions.length)), blocks: [], citizens: 0,
  }));
  for (const block of stage.blocks) {
    const zone = stage.zones[block.zone];
    const region = regions[zone.region];
    region.blocks.push({ first: block.first, count: block.count, settlement: zone.settlement });
    region.citizens += block.count;
  }
  // Blocks that are not full stand last, so that no hole is left within a region.
  for (const one of regions) one.blocks.sort((a, b) => (a.count < BLOCK) - (b.count < BLOCK) || a.first - b.first);
  return {
    regions: regions.filter((one) => one.citizens > 0).sort((a, b) => a.row - b.row || a.col - b.col),
    citizens: stage.citizens, blocks: stage.blocks, x: new Uint16Array(stage.citizens), y: new Uint16Array(stage.citizens),
  };
}

function gridded(name, i, of) {
  const across = Math.max(1, Math.round(Math.sqrt(of)));
  return { label: name.slice(0, 4), row: Math.floor(i / across), col: i % across };
}

/** Lay the country out for a width and at most a height of pixels; returns the pixels of a dot. */
export function arrange(country, width, height, label = 0) {
  const best = largest(country.regions, width, height, label) || largest(country.regions, width, Infinity, 0)
    || { ...planned(country.regions, BANDS.at(-1), Infinity, Infinity), dot: 1 };
  drawUp(country, best, Math.floor(width / best.dot));
  return best.dot;
}

/** The plan with the largest dots, and of these the lowest; `label` is what a name needs of width. */
function largest(regions, width, height, label) {
  let best = null;
  for (const many of BANDS) {
    for (let dot = Math.max(1, Math.floor(width / (4 * PITCH))); dot >= (best?.dot ?? 1); dot--) {
      const plan = planned(regions, many, Math.floor(width / dot), label ? Math.floor(width / label) : regions.length);
      if (!plan || plan.height > height / dot) continue;
      if (!best || dot > best.dot || plan.height < best.height) best = { ...plan, dot };
      break;
    }
  }
  return best;
}

/** Regions in bands of about equal room, each as low as its width allows; null if too wide. */
function planned(regions, many, width, most) {
  const bands = banded(regions, many, most);
  let height = -GAP;
  for (const band of bands) {
    const room = width - GAP * (band.regions.length - 1);
    band.rows = 1;
    while (wide(band) > room) if (++band.rows > band.most) return null;
    height += LABEL + band.rows * PITCH - 1 + GAP;
  }
  return { bands, height };
}

const wide = ({ regions, rows }) => regions.reduce((sum, one) => sum + Math.ceil(one.blocks.length / rows) * PITCH - 1, 0);

/** Regions from north to south in bands of about equal people, and of at most so many regions. */
function banded(regions, many, most) {
  const share = regions.reduce((sum, one) => sum + one.blocks.length, 0) / many;
  const bands = [];
  let band = null;
  for (const one of regions) {
    if (!band || band.regions.length >= most || band.sum + one.blocks.length / 2 > share) {
      band = { regions: [], sum: 0, most: 0 };
      bands.push(band);
    }
    band.regions.push(one);
    band.sum += one.blocks.length;
    band.most = Math.max(band.most, one.blocks.length);
  }
  for (const one of bands) one.regions.sort((a, b) => a.col - b.col || a.row - b.row);
  return bands;
}

/** Put every citizen on the grid; what width is left over becomes gaps between regions. */
function drawUp(country, { bands }, room) {
  country.width = Math.max(...bands.map((one) => wide(one) + GAP * (one.regions.length - 1)));
  country.width = Math.max(country.width, Math.min(room, country.width + MOST_GAP * 4));
  let y = 0;
  for (const band of bands) {
    const gaps = Math.max(1, band.regions.length - 1);
    const gap = Math.min(MOST_GAP, (country.width - wide(band)) / gaps);
    let x = Math.max(0, (country.width - wide(band) - gap * (band.regions.length - 1)) / 2);
    for (const region of band.regions) {
      Object.assign(region, { x: Math.round(x), y, rows: band.rows, width: Math.ceil(region.blocks.length / band.rows) * PITCH - 1 });
      region.height = LABEL + Math.min(band.rows, region.blocks.length) * PITCH - 1;
      x += region.width + gap;
    }
    y += LABEL + band.rows * PITCH - 1 + GAP;
  }
  country.height = y - GAP;
  country.grid = new Int32Array(country.width * country.height);
  for (const region of country.regions) region.blocks.forEach((block, i) => peopled(country, region, block, i));
}

function peopled(country, region, block, i) {
  const left = region.x + Math.floor(i / region.rows) * PITCH;
  const top = region.y + LABEL + (i % region.rows) * PITCH;
  for (let lane = 0; lane < block.count; lane++) {
    const x = left + (lane & 7);
    const y = top + (lane >> 3);
    country.x[block.first + lane] = x;
    country.y[block.first + lane] = y;
    country.grid[y * country.width + x] = block.first + lane + 1;
  }
}

/** The place on the stage of the citizen whose dot is at a point, or -1. */
export function placeAt(country, x, y) {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  if (column < 0 || row < 0 || column >= country.width || row >= country.height) return -1;
  return country.grid[row * country.width + column] - 1;
}

/** The region and the settlement of a place on the stage. */
export function whereIs(country, place) {
  for (const region of country.regions) {
    const block = region.blocks.find((one) => place >= one.first && place < one.first + one.count);
    if (block) return { region, settlement: block.settlement };
  }
  return undefined;
}

/** The number of the citizen at a place on the stage. */
export function citizenOf(country, place) {
  const block = country.blocks[found(country.blocks, place, "first")];
  return block.citizen + place - block.first;
}

/** The place on the stage of a citizen, or -1 who is not on it. */
export function placeOf(country, citizen) {
  const block = country.blocks[found(country.blocks, citizen, "citizen")];
  const lane = citizen - (block?.citizen ?? 0);
  return block && lane >= 0 && lane < block.count ? block.first + lane : -1;
}

/** The last block whose `key` is not above a number: blocks rise by both keys. */
function found(blocks, number, key) {
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (blocks[middle][key] <= number) low = middle;
    else high = middle - 1;
  }
  return low;
}
