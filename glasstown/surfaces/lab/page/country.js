// Where everybody is drawn: regions as rectangles of blocks on a tile map, a block as 8 by 8 dots.
//
// Lengths are in dots. A region's size follows from its people alone, so every dot is one citizen
// of equal size; regions start at their tile and push each other apart until none overlap.

export const SIDE = 8;
export const BLOCK = SIDE * SIDE;
const PITCH = SIDE + 1;
const LABEL = 7;
const GAP = 4;
const SEAM = 1;
const MOST_SPREAD = 1.35;

/** Lay out what the server says of the stage; width over height is about `aspect`. */
export function layOut(stage, aspect = 1.1) {
  const { citizens } = stage;
  const regions = gathered(stage);
  for (const region of regions) shape(region);
  place(regions, aspect);
  const width = Math.max(...regions.map((one) => one.x + one.width));
  const height = Math.max(...regions.map((one) => one.y + one.height));
  for (const one of regions) one.home = { x: one.x, y: one.y };
  const country = {
    regions, citizens, blocks: stage.blocks, least: { width, height },
    x: new Uint16Array(citizens), y: new Uint16Array(citizens),
  };
  return spread(country, width, height);
}

/** Let the regions stand apart so far that the country fills a width and a height, in dots. */
export function spread(country, width, height) {
  const { least } = country;
  country.width = Math.round(Math.max(least.width, Math.min(width, least.width * MOST_SPREAD)));
  country.height = Math.round(Math.max(least.height, Math.min(height, least.height * MOST_SPREAD)));
  for (const region of country.regions) {
    region.x = Math.round(region.home.x * (country.width / least.width));
    region.y = Math.round(region.home.y * (country.height / least.height));
    for (const zone of region.zones) dots(region, zone, country.x, country.y);
  }
  country.width = Math.max(...country.regions.map((one) => one.x + one.width));
  country.height = Math.max(...country.regions.map((one) => one.y + one.height));
  return country;
}

function gathered(stage) {
  const regions = stage.regions.map((name, i) => ({
    name, ...(stage.tiles?.[i] ?? gridded(name, i, stage.regions.length)), zones: [], citizens: 0, blocks: 0,
  }));
  for (const zone of stage.zones) {
    const region = regions[zone.region];
    region.zones.push({ ...zone, blocks: Math.ceil(zone.count / BLOCK) });
    region.blocks += Math.ceil(zone.count / BLOCK);
    region.citizens += zone.count;
  }
  return regions.filter((one) => one.citizens > 0);
}

function gridded(name, i, of) {
  const across = Math.max(1, Math.round(Math.sqrt(of)));
  return { label: name.slice(0, 4), row: Math.floor(i / across), col: i % across };
}

/** A region is nearly a square: its towns above, and from a row of its own on the country below. */
function shape(region) {
  region.across = Math.max(1, Math.ceil(Math.sqrt(region.blocks)));
  region.zones = region.zones.filter((one) => one.count > 0);
  let y = LABEL;
  for (const zone of region.zones) {
    zone.top = y;
    y += Math.ceil(zone.blocks / region.across) * PITCH + SEAM;
  }
  region.width = Math.min(region.across, Math.max(...region.zones.map((one) => one.blocks))) * PITCH - 1;
  region.height = y - SEAM - 1;
}

/** Start at the tiles, then push overlapping pairs apart along the shorter way; all in order. */
function place(regions, aspect) {
  const mean = Math.sqrt(regions.reduce((sum, one) => sum + (one.width + GAP) * (one.height + GAP), 0) / regions.length);
  const stepX = mean * 0.92 * Math.sqrt(aspect);
  const stepY = mean * 0.92 / Math.sqrt(aspect);
  for (const one of regions) {
    one.cx = one.col * stepX;
    one.cy = one.row * stepY;
  }
  for (let round = 0; round < 400; round++) {
    let moved = false;
    for (let i = 0; i < regions.length; i++) {
      for (let j = i + 1; j < regions.length; j++) moved = parted(regions[i], regions[j]) || moved;
    }
    if (!moved) break;
    if (round < 200) for (const one of regions) {
      one.cx += (one.col * stepX - one.cx) * 0.02;
      one.cy += (one.row * stepY - one.cy) * 0.02;
    }
  }
  for (const one of regions) {
    one.x = Math.round(one.cx - one.width / 2);
    one.y = Math.round(one.cy - one.height / 2);
  }
  const left = Math.min(...regions.map((one) => one.x));
  const top = Math.min(...regions.map((one) => one.y));
  for (const one of regions) {
    one.x -= left;
    one.y -= top;
  }
}

function parted(a, b) {
  const dx = b.cx - a.cx;
  const dy = b.cy - a.cy;
  const overX = (a.width + b.width) / 2 + GAP - Math.abs(dx);
  const overY = (a.height + b.height) / 2 + GAP - Math.abs(dy);
  if (overX <= 0.5 || overY <= 0.5) return false;
  if (overX < overY) {
    const push = (overX / 2) * (dx < 0 || (dx === 0 && a.col > b.col) ? -1 : 1);
    a.cx -= push;
    b.cx += push;
  } else {
    const push = (overY / 2) * (dy < 0 || (dy === 0 && a.row > b.row) ? -1 : 1);
    a.cy -= push;
    b.cy += push;
  }
  return true;
}

function dots(region, zone, x, y) {
  for (let i = 0; i < zone.count; i++) {
    const block = i >> 6;
    const lane = i & 63;
    x[zone.first + i] = region.x + (block % region.across) * PITCH + (lane & 7);
    y[zone.first + i] = region.y + zone.top + Math.floor(block / region.across) * PITCH + (lane >> 3);
  }
}

/** The region at a point, or undefined. */
export function regionAt(country, x, y) {
  return country.regions.find((one) => x >= one.x && x < one.x + one.width + 1 && y >= one.y && y < one.y + one.height + 1);
}

/** The place on the stage of the citizen whose dot is at a point, or -1. */
export function placeAt(country, x, y) {
  const region = regionAt(country, x, y);
  if (!region) return -1;
  const zone = region.zones.findLast((one) => y - region.y >= one.top);
  if (!zone) return -1;
  const dx = Math.floor(x - region.x);
  const dy = Math.floor(y - region.y - zone.top);
  if (dx % PITCH === SIDE || dy % PITCH === SIDE) return -1;
  const across = Math.floor(dx / PITCH);
  if (across >= region.across) return -1;
  const block = Math.floor(dy / PITCH) * region.across + across;
  const within = block * BLOCK + (dy % PITCH) * SIDE + (dx % PITCH);
  return within < zone.count ? zone.first + within : -1;
}

/** The region and the settlement of a place on the stage. */
export function whereIs(country, place) {
  for (const region of country.regions) {
    for (const zone of region.zones) {
      if (place >= zone.first && place < zone.first + zone.count) return { region, settlement: zone.settlement };
    }
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
