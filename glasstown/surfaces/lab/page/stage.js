// The stage: every citizen a dot, painted into the pixels of a canvas; names, ties and the citizen
// looked at are drawn on a second canvas above it. A dot that changes flares and calms down.

import { arrange, placeAt } from "./country.js";
import { MOST_CLASSES } from "./looks.js";
import { el } from "./element.js";
import { drawCursor, drawNames, drawTies } from "./overlay.js";

const CALM_MS = 900;
const MARGIN = 12;
const LABEL_PX = 32;
const LEAST_PX = 420;
const NARROW_PX = 420;
const NARROW_LEAST_PX = 660;
const BESIDE_PX = 300;
/** Those it is about are drawn larger while they are fewer than this share. */
const FEW = 0.02;
const SMALL_PX = 5;
const ZOOMS = [1, 2, 4, 8];

/** A stage in an element; `on` is told of hover(place) and pick(place). */
export class Stage {
  constructor(host, on = {}) {
    this.host = host;
    this.on = on;
    this.base = el("canvas", { "aria-hidden": "true" });
    this.above = el("canvas", { "aria-hidden": "true", class: "above" });
    host.append(this.base, this.above);
    this.colours = new Uint32Array(MOST_CLASSES);
    this.strong = new Uint8Array(MOST_CLASSES);
    this.zoom = 0;
    this.centre = null;
    this.cursor = -1;
    this.ties = [];
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    new ResizeObserver(() => this.fit()).observe(host);
    this.listen();
  }

  /** Show a country. */
  setCountry(country) {
    this.country = country;
    this.heat = new Float32Array(country.citizens);
    this.classes = null;
    this.fit();
  }

  /** Show classes of citizens; whoever changes flares. Colours: [[name, {light, dark}]]. */
  show(classes, kinds, scheme, { flare = true } = {}) {
    const before = this.classes;
    this.classes = classes;
    for (let i = 0; i < kinds.length; i++) {
      this.colours[i] = packed(kinds[i][1][scheme]);
      this.strong[i] = kinds[i][2] ? 1 : 0;
    }
    let many = 0;
    for (let i = 0; i < classes.length; i++) many += this.strong[classes[i]];
    this.few = many < classes.length * FEW;
    if (before && flare && !this.calm.matches) this.warm(before, classes, kinds.some((one) => one[2]));
    this.dirty();
  }

  /** Let those flare who changed; where a look is about some only, those who became one of them. */
  warm(before, after, isAboutSome) {
    for (let i = 0; i < after.length; i++) {
      if (before[i] !== after[i] && (!isAboutSome || this.strong[after[i]])) this.heat[i] = 1;
    }
    this.warmAt = performance.now();
  }

  /** Fit the canvases to their element, in whole pixels of the screen. */
  fit() {
    const ratio = Math.min(devicePixelRatio || 1, 3);
    const width = Math.max(1, Math.round(this.host.clientWidth * ratio));
    const height = this.tall(width, ratio);
    if (width === this.base.width && height === this.base.height && ratio === this.ratio) return this.aim();
    for (const one of [this.base, this.above]) {
      one.width = width;
      one.height = height;
    }
    this.ratio = ratio;
    this.image = this.base.getContext("2d").createImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.aim();
  }

  /** How high the stage must be: as the country is in this width, and never more than the window. */
  tall(width, ratio) {
    const margin = MARGIN * ratio;
    const least = width < NARROW_PX * ratio ? NARROW_LEAST_PX : LEAST_PX;
    const most = Math.max(least, innerHeight - (this.beside ?? BESIDE_PX)) * ratio;
    if (!this.country) return Math.round(Math.min(most, width * 0.7));
    this.fitted = arrange(this.country, width - 2 * margin, most - 2 * margin, LABEL_PX * ratio);
    const height = Math.round(this.country.height * this.fitted + 2 * margin);
    this.host.style.minHeight = "0";
    this.host.style.height = `${height / ratio}px`;
    return height;
  }

  /** Find the size of a dot and where the country begins. */
  aim() {
    if (!this.country) return;
    const { width, height } = this.base;
    this.dot = this.fitted * ZOOMS[this.zoom];
    const at = this.zoom && this.centre ? this.centre : { x: this.country.width / 2, y: this.country.height / 2 };
    this.left = Math.round(width / 2 - at.x * this.dot);
    this.top = Math.round(height / 2 - at.y * this.dot);
    this.dirty();
  }

  /** Come nearer or go farther, around a point of the country. */
  zoomTo(step, centre = this.centre) {
    this.zoom = Math.max(0, Math.min(ZOOMS.length - 1, step));
    this.centre = centre || (this.cursor >= 0 ? { x: this.country.x[this.cursor], y: this.country.y[this.cursor] } : null);
    this.host.style.setProperty("touch-action", this.zoom ? "none" : "manipulation");
    this.aim();
    this.on.zoom?.(this.zoom);
  }

  dirty() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame((now) => {
      this.waiting = 0;
      this.paint(now);
    });
  }

  paint(now) {
    if (!this.country || !this.classes || !this.image) return;
    const { pixels } = this;
    pixels.fill(0);
    const cooling = this.warmAt ? Math.min(1, (now - this.warmAt) / CALM_MS) : 1;
    this.dots();
    if (cooling < 1) this.flares(1 - cooling);
    else if (this.warmAt) {
      this.heat.fill(0);
      this.warmAt = 0;
    }
    this.base.getContext("2d").putImageData(this.image, 0, 0);
    this.overlay();
    if (cooling < 1) this.dirty();
    this.painted = (this.painted || 0) + 1;
  }

  /** Paint the crowd first, then those it is about, a little larger. */
  dots() {
    this.layer(0);
    this.layer(1);
  }

  layer(strong) {
    const { country, classes, colours, dot, left, top } = this;
    const grown = strong && this.few && dot < SMALL_PX * this.ratio ? Math.ceil(this.ratio) : 0;
    const side = strong ? dot + 2 * grown : dot > 2 ? dot - Math.max(1, Math.round(dot * 0.22)) : dot;
    const { width, height } = this.base;
    for (let i = 0; i < classes.length; i++) {
      if (this.strong[classes[i]] !== strong) continue;
      const x = left + country.x[i] * dot - grown;
      const y = top + country.y[i] * dot - grown;
      if (x + side < 0 || y + side < 0 || x >= width || y >= height) continue;
      this.square(x, y, side, colours[classes[i]]);
    }
  }

  flares(strength) {
    const { country, classes, colours, dot, left, top, heat } = this;
    const grown = Math.max(1, Math.round(dot * 0.9 * strength));
    const { width, height } = this.base;
    for (let i = 0; i < classes.length; i++) {
      if (!heat[i]) continue;
      const x = left + country.x[i] * dot - grown;
      const y = top + country.y[i] * dot - grown;
      if (x < -dot * 4 || y < -dot * 4 || x >= width || y >= height) continue;
      this.square(x, y, dot + 2 * grown - 1, colours[classes[i]]);
    }
  }

  /** Paint a square with its corners cut where it is large enough, cut off at the edges. */
  square(x, y, side, colour) {
    const { width, height } = this.base;
    const { pixels } = this;
    const cut = side > 5 ? Math.round(side * 0.22) : 0;
    for (let dy = 0; dy < side; dy++) {
      const row = y + dy;
      if (row < 0 || row >= height) continue;
      const edge = Math.min(dy, side - 1 - dy);
      const inset = edge < cut ? cut - edge : 0;
      const from = Math.max(0, x + inset);
      const to = Math.min(width, x + side - inset);
      if (to > from) pixels.fill(colour, row * width + from, row * width + to);
    }
  }

  /** The middle of a citizen's dot, in pixels of the canvas. */
  middle(place) {
    return {
      x: this.left + (this.country.x[place] + 0.4) * this.dot,
      y: this.top + (this.country.y[place] + 0.4) * this.dot,
    };
  }

  overlay() {
    const pen = this.above.getContext("2d");
    pen.clearRect(0, 0, this.above.width, this.above.height);
    const style = getComputedStyle(this.host);
    drawNames(this, pen, style);
    drawTies(this, pen);
    drawCursor(this, pen, style);
  }

  /** Look at a citizen, or at nobody (-1). */
  lookAt(place, ties = []) {
    this.cursor = place;
    this.ties = ties;
    this.dirty();
  }

  /** The point of the country under a pointer. */
  point(event) {
    const box = this.base.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) * this.ratio - this.left) / this.dot,
      y: ((event.clientY - box.top) * this.ratio - this.top) / this.dot,
    };
  }

  /** The citizen under a pointer, or near it where dots are small for a finger. */
  near(event) {
    const { x, y } = this.point(event);
    const reach = event.pointerType === "touch" ? Math.ceil((10 * this.ratio) / this.dot) : Math.ceil((3 * this.ratio) / this.dot);
    for (let ring = 0; ring <= reach; ring++) {
      for (let dx = -ring; dx <= ring; dx++) for (let dy = -ring; dy <= ring; dy++) {
        if (Math.max(Math.abs(dx), Math.abs(dy)) !== ring) continue;
        const place = placeAt(this.country, x + dx, y + dy);
        if (place >= 0) return place;
      }
    }
    return -1;
  }

  listen() {
    const { host } = this;
    host.addEventListener("pointermove", (event) => {
      if (!this.country) return;
      if (this.drag && (event.buttons || event.pointerType === "touch")) return this.dragged(event);
      if (event.pointerType !== "touch") this.on.hover?.(this.near(event), event);
    });
    host.addEventListener("pointerleave", () => this.on.hover?.(-1));
    host.addEventListener("pointerdown", (event) => {
      this.drag = { x: event.clientX, y: event.clientY, left: this.left, top: this.top, moved: false };
    });
    host.addEventListener("click", (event) => {
      if (!this.country || this.drag?.moved) return;
      const place = this.near(event);
      if (place >= 0) this.on.pick?.(place);
    });
    host.addEventListener("dblclick", (event) => this.country && this.zoomTo(this.zoom + 1, this.point(event)));
    host.addEventListener("keydown", (event) => this.key(event));
  }

  dragged(event) {
    const dx = (event.clientX - this.drag.x) * this.ratio;
    const dy = (event.clientY - this.drag.y) * this.ratio;
    if (Math.hypot(dx, dy) < 4 * this.ratio || !this.zoom) return;
    this.drag.moved = true;
    this.left = Math.round(this.drag.left + dx);
    this.top = Math.round(this.drag.top + dy);
    this.centre = { x: (this.base.width / 2 - this.left) / this.dot, y: (this.base.height / 2 - this.top) / this.dot };
    this.dirty();
  }

  key(event) {
    if (!this.country || event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key in steps) this.step(...steps[event.key], event.shiftKey ? 9 : 1);
    else if (event.key === "Enter" && this.cursor >= 0) this.on.pick?.(this.cursor);
    else if (event.key === "+" || event.key === "=") this.zoomTo(this.zoom + 1);
    else if (event.key === "-") this.zoomTo(this.zoom - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Move the cursor to the nearest citizen in a direction. */
  step(dx, dy, by) {
    if (this.cursor < 0) return this.moved(0);
    const { country } = this;
    let x = country.x[this.cursor] + dx * (by - 1);
    let y = country.y[this.cursor] + dy * (by - 1);
    for (let i = 0; i < country.width + country.height; i++) {
      x += dx;
      y += dy;
      const place = placeAt(country, x, y);
      if (place >= 0) return this.moved(place);
      if (x < 0 || y < 0 || x > country.width || y > country.height) return;
    }
  }

  moved(place) {
    this.lookAt(place);
    if (this.zoom) this.zoomTo(this.zoom, { x: this.country.x[place], y: this.country.y[place] });
    this.on.cursor?.(place);
  }
}

/** A colour as a pixel of an image, red in the lowest byte. */
function packed(colour) {
  const n = parseInt(colour.slice(1), 16);
  return (0xff000000 | ((n & 0xff) << 16) | (n & 0xff00) | (n >> 16)) >>> 0;
}
