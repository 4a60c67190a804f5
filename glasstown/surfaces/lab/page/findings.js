// Findings: the sentences and the charts of the report, for the weeks done so far, and what else can
// be read: the report itself, the scenario, the public claims.

import { el, put } from "./element.js";
import { json, Refusal, save, text } from "./server.js";
import { number, t } from "./words.js";

const WAIT_MS = 1200;
const MOST_ROWS = 40;
const FEW = 5;
const BESIDE_PX = 40;

export class Findings {
  constructor(session) {
    this.session = session;
    this.sentences = el("ol", { class: "sentences" });
    this.charts = el("div", { class: "report-charts" });
    this.digest = el("p", { class: "digest small" });
    this.intro = el("p", { class: "soft", role: "status" });
    this.links = el("p", { class: "links" });
    this.drawings = new Map();
    this.node = el("section", { class: "findings", "aria-label": t("findings.name") },
      el("h2", {}, t("findings.name")), this.intro, this.links, this.sentences, el("h2", {}, t("findings.charts")), this.charts,
      el("h2", {}, t("findings.same")), el("p", {}, t("findings.same_said")), this.digest);
    this.few = el("ol", { class: "few" });
    this.brief = el("section", { class: "brief", hidden: true }, el("h2", {}, t("findings.sofar_title")), this.few);
    session.on("worlds", () => this.clear());
    session.on("weeks", () => (this.isShown || this.isBrief) && this.queue());
    session.on("state", () => (this.isShown || this.isBrief) && this.draw());
  }

  set shown(is) {
    this.isShown = is;
    if (is) this.draw();
  }

  /** Show the first sentences below the glass, or don't. */
  set briefly(is) {
    this.isBrief = is;
    if (is) this.draw();
  }

  /** Draw at most every so often while weeks keep coming. */
  queue() {
    if (this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = 0;
      this.draw();
    }, WAIT_MS);
  }

  clear() {
    this.drawings.clear();
    put(this.sentences);
    put(this.few);
    put(this.charts);
    this.brief.hidden = true;
    this.drawnAt = null;
    if (this.isShown || this.isBrief) this.draw();
  }

  async draw() {
    const { world } = this.session;
    if (!world) return void (this.intro.textContent = t("findings.none"));
    const at = `${world.run.id} ${world.weeks} ${world.run.state} ${this.isShown}`;
    if (this.busy || at === this.drawnAt || !world.weeks) return;
    this.busy = true;
    try {
      await this.read(world);
      this.drawnAt = at;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.kind !== "not_yet") this.intro.textContent = error.message;
    } finally {
      this.busy = false;
    }
  }

  async read(world) {
    const { id } = world.run;
    const { findings, weeks_done: weeks, is_complete: complete } = await json(`runs/${id}/findings`);
    this.intro.textContent = t(complete ? "findings.after" : "findings.sofar", { weeks, title: world.run.title });
    put(this.sentences, findings.map((one) => el("li", { "data-measure": one.measure }, one.sentence)));
    this.brief.hidden = !findings.length;
    put(this.few, findings.slice(0, FEW).map((one) => el("li", {}, one.sentence)));
    if (!this.isShown) return;
    this.foot(world);
    const { charts } = await json(`runs/${id}/charts`);
    for (const one of charts) if (world === this.session.world && this.isShown) await this.chart(id, one);
  }

  foot(world) {
    const { run } = world;
    this.digest.textContent = run.digest ? t("findings.digest", { digest: run.digest }) : t("findings.no_digest");
    put(this.links,
      run.state === "finished" && el("button", { type: "button", class: "quiet", onclick: () => this.report(run) }, t("findings.report")),
      el("button", { type: "button", class: "quiet", onclick: () => this.scenario(world) }, t("findings.scenario")));
  }

  async report(run) {
    save(`glasstown-${run.scheme}-report.html`, await text(`runs/${run.id}/report.html`), "text/html");
  }

  async scenario(world) {
    save(`${world.run.scheme}.yaml`, await text("scenario.yaml", { method: "POST", body: world.ask }));
  }

  async chart(id, { key, heading }) {
    const width = Math.max(280, Math.min(720, this.charts.clientWidth - BESIDE_PX));
    const chart = await json(`runs/${id}/charts/${key}?width=${width}`);
    const kept = this.drawings.get(key) || this.figure(key, heading);
    const name = `${chart.finding}`;
    kept.said.textContent = name;
    await drawn(kept.drawing, chart.spec, name);
    kept.rows = chart;
    if (kept.table.open) rows(kept);
  }

  figure(key, heading) {
    const made = {
      said: el("figcaption", {}), drawing: el("div", { class: "vega" }),
      table: el("details", { class: "data", ontoggle: () => rows(made) }, el("summary", {}, t("findings.numbers"))),
    };
    this.charts.append(el("figure", { class: "report-chart", "data-chart": key }, el("h3", {}, heading), made.said, made.drawing, made.table));
    this.drawings.set(key, made);
    return made;
  }
}

let drawer = null;

/** Draw a Vega-Lite specification; the library is fetched when the first chart is. */
async function drawn(node, spec, name) {
  drawer ||= import("./stock/vega.js");
  const { vegaEmbed, expressionInterpreter } = await drawer;
  const { title, ...untitled } = spec;
  await vegaEmbed(node, untitled, { ast: true, expr: expressionInterpreter, actions: false, renderer: "svg", tooltip: false, defaultStyle: false });
  const drawing = node.querySelector("svg");
  if (!drawing) return;
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", name);
  for (const one of drawing.querySelectorAll("[role], [aria-roledescription], [tabindex]")) {
    for (const attribute of ["role", "aria-roledescription", "aria-label", "tabindex"]) one.removeAttribute(attribute);
  }
  for (const one of drawing.children) one.setAttribute("aria-hidden", "true");
}

/** The numbers of a chart as a table, weeks evenly apart. */
function rows({ table, rows: chart }) {
  if (!table.open || !chart) return;
  const step = Math.ceil(chart.rows.length / MOST_ROWS);
  const kept = chart.rows.filter((_, i) => (chart.rows.length - 1 - i) % step === 0);
  const body = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("findings.numbers") }, el("table", {},
    el("thead", {}, el("tr", {}, chart.columns.map((one) => el("th", { scope: "col" }, one)))),
    el("tbody", {}, kept.map((row) => el("tr", {}, row.map((one) => el("td", {}, typeof one === "number" ? number(one) : String(one ?? ""))))))));
  table.querySelector(".scroll")?.remove();
  table.append(body);
}
