// Small charts that grow while a run goes on: lines or stacked areas over the weeks, named at their
// ends, with a line at the week that is shown. The report's own charts stand under Findings.

import { el, put, svg } from "./element.js";
import { month } from "./words.js";

const HEIGHT = 150;
const TOP = 10;
const BOTTOM = 20;
const LEFT = 40;
const NAME_PX = 6.3;
const LINE_PX = 14;

/** A chart in a figure: `series` are {name, colour, values, dashed, other}, `form` is lines or areas. */
export class Chart {
  constructor({ key, title, form = "lines", format, least = 1e-9 }) {
    this.least = least;
    this.form = form;
    this.format = format;
    this.said = el("p", { class: "said" });
    this.drawing = svg("svg", { role: "img", "aria-labelledby": `title-${key} said-${key}`, class: "chart" });
    this.said.id = `said-${key}`;
    this.table = el("table");
    this.node = el("figure", { class: "figure", "data-chart": key },
      el("h3", { id: `title-${key}` }, title), this.said, this.drawing);
    this.series = [];
    new ResizeObserver(() => this.draw()).observe(this.node);
  }

  /** Show series over `weeks` in all, of a world that says the dates. */
  show(series, weeks, world, said) {
    Object.assign(this, { series, weeks, world });
    if (this.said.textContent !== said) this.said.textContent = said;
    this.draw();
  }

  /** Mark the week that is shown. */
  mark(week) {
    this.week = week;
    if (this.cursor && this.x) {
      const at = this.x(week);
      for (const end of ["x1", "x2"]) this.cursor.setAttribute(end, at);
    }
  }

  draw() {
    const width = Math.floor(this.node.clientWidth);
    if (width < 80 || !this.series.length) return;
    const names = this.series.map((one) => one.name.length);
    const right = Math.min(width * 0.38, Math.max(...names) * NAME_PX + 14);
    const room = width - LEFT - right;
    const layers = this.form === "areas" ? stacked(this.series) : this.series.map((one) => ({ ...one, from: null, to: one.values }));
    const top = nice(Math.max(this.least, ...layers.map((one) => one.to.reduce((most, value) => Math.max(most, value), 0))));
    this.x = (week) => LEFT + (room * week) / Math.max(1, this.weeks);
    const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
    this.drawing.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.drawing.setAttribute("height", HEIGHT);
    this.cursor = svg("line", { y1: TOP - 4, y2: HEIGHT - BOTTOM, class: "cursor" });
    put(this.drawing, this.axes(y, top, width - right), layers.map((one) => this.layer(one, y)), this.cursor, this.ends(layers, y, width - right));
    this.mark(this.week ?? 0);
  }

  axes(y, top, end) {
    const lines = [0, top / 2, top].map((value) => [
      svg("line", { x1: LEFT, x2: end, y1: y(value), y2: y(value), class: value ? "grid" : "base" }),
      svg("text", { x: LEFT - 6, y: y(value) + 3.5, class: "tick", "text-anchor": "end" }, this.format(value)),
    ]);
    const last = this.weeks;
    const dates = [[0, "start"], [last, "end"]].map(([week, anchor]) =>
      svg("text", { x: this.x(week), y: HEIGHT - 5, class: "tick", "text-anchor": anchor }, month(this.world.dateOf(week))));
    return svg("g", {}, lines, dates);
  }

  layer(one, y) {
    const points = one.to.map((value, i) => `${this.x(i + 1).toFixed(1)},${y(value).toFixed(1)}`);
    if (!points.length) return null;
    if (!one.from) {
      return svg("polyline", { points: points.join(" "), class: `path${one.dashed ? " dashed" : ""}`, style: { stroke: one.colour } });
    }
    const back = one.from.map((value, i) => `${this.x(i + 1).toFixed(1)},${y(value).toFixed(1)}`).reverse();
    return svg("polygon", { points: [...points, ...back].join(" "), class: "area", style: { fill: one.colour } });
  }

  /** The names at the ends of the lines, moved apart where they would overlap. */
  ends(layers, y, end) {
    const rows = layers.filter((one) => one.to.length).map((one) => {
      const last = one.to.length - 1;
      const value = one.from ? (one.to[last] + one.from[last]) / 2 : one.to[last];
      return { one, at: y(value), point: this.x(last + 1) };
    }).sort((a, b) => a.at - b.at);
    for (let i = 1; i < rows.length; i++) rows[i].at = Math.max(rows[i].at, rows[i - 1].at + LINE_PX);
    const over = rows.length ? rows[rows.length - 1].at - (HEIGHT - BOTTOM + 4) : 0;
    if (over > 0) for (let i = rows.length - 1; i >= 0; i--) {
      rows[i].at = Math.min(rows[i].at, HEIGHT - BOTTOM + 4 - LINE_PX * (rows.length - 1 - i));
    }
    return rows.map(({ one, at, point }) => svg("g", {},
      svg("rect", { x: Math.min(end, point) + 5, y: at - 4, width: 3, height: 9, style: { fill: one.colour } }),
      svg("text", { x: Math.min(end, point) + 11, y: at + 4, class: "name" }, one.name)));
  }
}

function stacked(series) {
  const length = Math.min(...series.map((one) => one.values.length));
  let below = new Array(length).fill(0);
  return series.map((one) => {
    const from = below;
    below = from.map((value, i) => value + one.values[i]);
    return { ...one, from, to: below };
  });
}

/** The next round number above a value, by a few steps in each power of ten. */
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((one) => one * power).find((one) => one >= value * 1.02) ?? 10 * power;
}
