// The dossier of the world that is set up: asked for, watched while it is made, opened as a page of
// its own. Its id stays in this tab, so that a reload finds it.

import { link } from "./address.js";
import { el, put } from "./element.js";
import { events, json, Refusal } from "./server.js";
import { count, t, tn } from "./words.js";

const KEPT = "glasstown-dossiers";
const MOST_KEPT = 20;
const PAUSE_MS = 700;
const USUAL = { citizens: 20_000, seeds: 3 };
const ENDED = ["finished", "cancelled", "failed"];

export class DossierDesk {
  constructor(asking) {
    Object.assign(this, { asking, dossier: null, turn: 0 });
    const { limits } = asking.lab;
    this.fields = {
      citizens: field("citizens", [limits.dossier_citizens[0], Math.min(limits.dossier_citizens[1], limits.citizens[1])], 1000),
      weeks: field("weeks", limits.weeks, 1),
      seeds: field("seeds", limits.dossier_seeds, 1),
    };
    this.of = el("p", { class: "soft" });
    this.go = el("button", { type: "button", class: "primary make", onclick: () => this.pressed() });
    this.bar = el("progress", { max: 1, value: 0, "aria-label": t("dossier.progress"), hidden: true });
    this.state = el("p", { class: "state small", role: "status" });
    this.problems = el("p", { class: "refused", role: "alert", hidden: true });
    this.read = el("p", { class: "links", hidden: true });
    this.node = el("section", { class: "dossier", "aria-label": t("dossier.title") },
      el("h2", {}, t("dossier.title")), el("p", {}, t("dossier.about")), this.of,
      el("div", { class: "numbers" }, Object.values(this.fields).map((one) => one.node)),
      el("div", { class: "acts" }, this.go), this.problems, this.bar, this.state, this.read);
    asking.on(() => this.settled());
    this.settled();
  }

  get isGoing() {
    return Boolean(this.dossier) && !ENDED.includes(this.dossier.state);
  }

  /** The world whose dossier is made: the one that is set up. */
  get ask() {
    return this.asking.ask;
  }

  /** Take the numbers from the world there is now, and the dossier that was asked for it, if any. */
  async settled() {
    const key = link(this.ask);
    if (key === this.key) return;
    this.key = key;
    const turn = ++this.turn;
    this.dossier = null;
    const { citizens, weeks } = this.fields;
    citizens.input.value = clamped(Math.min(this.ask.citizens, USUAL.citizens), citizens.input);
    weeks.input.value = this.ask.weeks;
    this.fields.seeds.input.value = USUAL.seeds;
    const scheme = this.asking.schemes.find((one) => one.name === this.ask.scheme)?.title ?? this.ask.scheme;
    const changes = Object.keys(this.ask.changes).length + this.ask.without.length;
    this.of.textContent = changes ? tn("dossier.of_changed", changes, { scheme }) : t("dossier.of", { scheme });
    this.refused(null);
    this.draw();
    const id = remembered()[key];
    if (!id) return;
    const found = await json(`dossiers/${id}`).catch(() => null);
    if (turn === this.turn && found && !this.dossier) this.take(found);
  }

  async pressed() {
    const turn = this.turn;
    try {
      if (this.isGoing) {
        const told = await json(`dossiers/${this.dossier.id}`, { method: "DELETE" });
        if (this.dossier?.id === told.id) this.heard(told);
        return;
      }
      const values = Object.entries(this.fields).map(([name, { input }]) => [name, Number(input.value)]);
      const made = await json("dossiers", { method: "POST", body: { ...this.ask, ...Object.fromEntries(values) } });
      remember(this.key, made.id);
      if (turn === this.turn) this.take(made);
    } catch (error) {
      this.refused(error);
    }
  }

  take(dossier) {
    for (const name of Object.keys(this.fields)) this.fields[name].input.value = dossier.ask[name];
    this.refused(null);
    this.heard(dossier);
    if (this.isGoing) this.follow(dossier.id);
  }

  /** Follow the making until it ends, through breaks of the connection. */
  async follow(id) {
    const stop = new AbortController();
    while (this.dossier?.id === id && this.isGoing) {
      try {
        for await (const { data } of events(`dossiers/${id}/events`, stop.signal)) {
          if (this.dossier?.id !== id) return void stop.abort();
          this.heard(data);
        }
      } catch (error) {
        if (error instanceof Refusal && error.status === 404) return void this.lost();
      }
      await new Promise((go) => setTimeout(go, PAUSE_MS));
    }
  }

  heard(dossier) {
    this.dossier = dossier;
    this.draw();
  }

  lost() {
    this.dossier = null;
    this.draw();
  }

  draw() {
    const { dossier } = this;
    this.go.textContent = t(this.isGoing ? "dossier.cancel" : "dossier.make");
    for (const { input } of Object.values(this.fields)) input.disabled = this.isGoing;
    this.bar.hidden = dossier?.state !== "running";
    if (dossier?.weeks) this.bar.value = dossier.weeks_done / dossier.weeks;
    this.state.textContent = dossier ? said(dossier) : "";
    this.read.hidden = !dossier?.page;
    if (dossier?.page && this.shown !== dossier.page) {
      this.shown = dossier.page;
      put(this.read, el("a", { class: "open", href: dossier.page, target: "_blank", rel: "noopener" }, t("dossier.open")));
    }
  }

  refused(error) {
    this.problems.hidden = !error;
    this.problems.textContent = error?.message ?? "";
  }
}

function said(dossier) {
  const { state, stage, place, weeks, weeks_done: done } = dossier;
  if (state === "queued") return place ? tn("dossier.queued", place) : t("dossier.begins");
  if (state === "running") return weeks ? t("dossier.running", { stage, done: count(done), weeks: count(weeks) }) : `${stage} …`;
  if (state === "failed") return dossier.error?.message || t("dossier.failed");
  return state === "cancelled" ? t("dossier.cancelled") : tn("dossier.finished", dossier.ask.seeds, { citizens: count(dossier.ask.citizens), weeks: count(dossier.ask.weeks) });
}

function field(name, [low, high], step) {
  const input = el("input", { id: `dossier-${name}`, type: "number", min: low, max: high, step, inputmode: "numeric" });
  return { input, node: el("div", { class: "field" }, el("label", { for: `dossier-${name}` }, t(`dossier.${name}`)), input) };
}

const clamped = (value, { min, max }) => Math.max(Number(min), Math.min(Number(max), value));

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) || {};
  } catch {
    return {};
  }
}

function remember(key, id) {
  const kept = Object.entries(remembered()).filter(([one]) => one !== key).slice(1 - MOST_KEPT);
  sessionStorage.setItem(KEPT, JSON.stringify(Object.fromEntries([...kept, [key, id]])));
}
