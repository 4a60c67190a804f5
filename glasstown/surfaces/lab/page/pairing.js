// What stands beside a world: the same people and the same luck with one thing changed. The change is
// one switch, one lever, or another scheme; who is hit only because of it is counted and named.

import { atMost, el, put } from "./element.js";
import { json, Refusal } from "./server.js";
import { count, decimal, has, month, number, t, tn } from "./words.js";

const COMPARE_MS = 1500;
const MOST_NAMED = 12;
const MOST_MEASURES = 8;

export class Pairing {
  /** `on.pick(citizen, side)` opens a life. */
  constructor(asking, session, on = {}) {
    Object.assign(this, { asking, session, on });
    this.kind = el("select", { id: "pair-kind", onchange: () => this.choose() });
    this.which = el("select", { id: "pair-which", "aria-label": t("pair.which"), onchange: () => this.chosen() });
    this.value = el("input", { type: "number", step: "any", "aria-label": t("pair.value"), hidden: true, onchange: () => this.chosen() });
    this.picker = el("div", { class: "picker" }, el("label", { for: "pair-kind" }, t("pair.beside")), this.kind, this.which, this.value);
    this.told = el("div", { class: "told-pair", "aria-live": "polite" });
    this.node = el("section", { class: "pairing", "aria-label": t("pair.name") }, this.told);
    put(this.kind, ["", "without", "scheme", "lever"].map((one) => el("option", { value: one }, t(`pair.kinds.${one || "none"}`))));
    asking.on(() => this.drawn());
    this.ask = atMost(COMPARE_MS, () => this.compare());
    session.on("worlds", () => {
      this.shown = null;
      this.tell();
      if (session.other) this.ask();
    });
    session.on("week frames stage state", () => session.other && (this.count(), this.ask()));
    this.drawn();
  }

  /** What the pair of the ask is, as kind, name and value. */
  get parts() {
    const [key, value] = [...new URLSearchParams(this.asking.pair)][0] || ["", ""];
    return { kind: key.includes(".") ? "lever" : key, name: key.includes(".") ? key : value, value };
  }

  async drawn() {
    const { kind, name, value } = this.parts;
    const key = `${this.asking.ask.scheme} ${this.asking.pair} ${this.asking.ask.without}`;
    if (key === this.key) return;
    this.key = key;
    this.kind.value = kind;
    await this.options(kind, name);
    this.value.hidden = kind !== "lever";
    if (kind === "lever") this.value.value = value;
  }

  async options(kind, name) {
    this.which.hidden = !kind;
    if (!kind) return;
    const rows = await this.rows(kind);
    put(this.which, rows.map(([value, text]) => el("option", { value, selected: value === name }, text)));
  }

  async rows(kind) {
    const { ask } = this.asking;
    if (kind === "scheme") return this.asking.schemes.filter((one) => one.name !== ask.scheme).map((one) => [one.name, one.title]);
    const { groups } = await this.asking.leversOf(ask.scheme);
    if (kind === "without") {
      return groups.filter((one) => one.mechanism && one.is_there !== false).map((one) =>
        [one.mechanism, t(ask.without.includes(one.mechanism) ? "pair.with" : "pair.without", { mechanism: mechanism(one.mechanism) })]);
    }
    return groups.flatMap((one) => one.levers).filter((one) => one.is_there !== false && ["number", "integer"].includes(one.kind))
      .map((one) => [one.key, one.label || one.key]);
  }

  async choose() {
    await this.options(this.kind.value, "");
    this.value.hidden = this.kind.value !== "lever";
    if (this.kind.value === "without" && [...this.which.options].some((one) => one.value === "friends")) this.which.value = "friends";
    if (this.kind.value === "lever") {
      const first = [...this.which.options].find((one) => one.value === "scheme.friends.points");
      if (first) this.which.value = first.value;
    }
    await this.chosen(true);
  }

  async chosen(fresh = false) {
    const kind = this.kind.value;
    if (!kind) return this.asking.setPair("");
    if (kind !== "lever") return this.asking.setPair(new URLSearchParams({ [kind]: this.which.value }).toString());
    const lever = await this.asking.lever(this.asking.ask.scheme, this.which.value);
    const now = this.asking.ask.changes[lever.key] ?? lever.value;
    if (fresh || this.parts.name !== lever.key) this.value.value = number(now === 0 ? lever.step || 1 : now * 3).replaceAll(",", "");
    Object.assign(this.value, { min: lever.minimum ?? "", max: lever.maximum ?? "" });
    this.asking.setPair(new URLSearchParams({ [lever.key]: JSON.stringify(Number(this.value.value)) }).toString());
  }

  /** The name of the world on a side, for its heading. */
  titled(world, side) {
    if (!side) return world.run.title;
    const { kind, name, value } = this.parts;
    if (kind === "without") return t(this.asking.ask.without.includes(name) ? "pair.with" : "pair.without", { mechanism: mechanism(name) });
    if (kind === "lever") return `${name.replace(/^scheme\./, "")} = ${value}`;
    return world.run.title;
  }

  /** Count who is shut out only here and only there, from the frames on the stage. */
  count() {
    const { session } = this;
    if (!session.other || !session.has(session.week)) return;
    const [here, there] = session.worlds.map((one) => one.frame(session.week));
    const n = session.world.country.citizens;
    const counts = { here: 0, there: 0, differing: 0 };
    for (let i = 0; i < n; i++) {
      const a = here[2 * n + i] & 15;
      const b = there[2 * n + i] & 15;
      if (a && !b) counts.here++;
      if (b && !a) counts.there++;
      if (differs(here, there, n, i)) counts.differing++;
    }
    this.counts = counts;
    this.tell();
  }

  async compare() {
    const { session } = this;
    if (!session.other || !session.reached) return;
    const week = Math.max(1, session.week);
    try {
      this.shown = await json(`runs/${session.world.run.id}/beside/${session.other.run.id}?week=${week}`);
      this.tell();
    } catch (error) {
      if (!(error instanceof Refusal)) return;
      this.shown = error.kind === "not_yet" ? null : { refused: error.message };
      this.tell();
    }
  }

  tell() {
    const { counts, shown, session } = this;
    if (!session.other) return put(this.told);
    if (shown?.refused) return put(this.told, el("p", { class: "refused" }, shown.refused));
    put(this.told, el("h2", {}, t("pair.name")), el("p", {}, t("pair.same")),
      counts && el("div", { class: "tally" },
        tally(counts.there, t("pair.only_there"), "wrong"), tally(counts.here, t("pair.only_here"), "own"), tally(counts.differing, t("pair.differing"), "")),
      shown && [this.parting(shown), this.named(shown), measures(shown)]);
  }

  parting(shown) {
    if (!shown.parting) return el("p", {}, t("pair.nobody_yet"));
    return el("p", {}, t("pair.parting", { week: shown.parting, month: month(this.session.world.dateOf(shown.parting)) }));
  }

  named(shown) {
    const those = (shown.only_there || []).slice(0, MOST_NAMED);
    if (!those.length) return null;
    return el("div", {}, el("h3", {}, t("pair.who")), el("p", { class: "soft small" }, t("pair.but_for")),
      el("ul", { class: "chips" }, those.map((citizen) => el("li", {},
        el("button", { type: "button", onclick: () => this.on.pick?.(citizen, 1) }, count(citizen)))),
      shown.shut_out_only_there > those.length && el("li", { class: "soft" }, tn("pair.more", shown.shut_out_only_there - those.length))));
  }
}

/** Whether anything that the stage knows of a citizen differs. */
function differs(here, there, n, i) {
  for (let at = i; at < here.length; at += n) if (here[at] !== there[at]) return true;
  return false;
}

function tally(n, text, tone) {
  return el("div", { class: tone }, el("b", {}, count(n)), el("span", {}, text));
}

function measures(shown) {
  const rows = (shown.measures || []).filter((one) => one.difference).sort((a, b) => weight(b) - weight(a)).slice(0, MOST_MEASURES);
  if (!rows.length) return null;
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("pair.measures") }, el("table", {},
    el("caption", {}, t("pair.measures")),
    el("thead", {}, el("tr", {}, ["measure", "here", "there"].map((one) => el("th", { scope: "col" }, t(`pair.${one}`))))),
    el("tbody", {}, rows.map((one) => el("tr", {}, el("th", { scope: "row" }, one.meaning), el("td", {}, decimal(one.here, 4)), el("td", {}, decimal(one.there, 4)))))));
}

const weight = (one) => Math.abs(one.difference) / (Math.abs(one.here) + Math.abs(one.there) + 1);
export const mechanism = (name) => (has(`mechanisms.${name}`) ? t(`mechanisms.${name}`).toLowerCase() : name.replaceAll("_", " "));
