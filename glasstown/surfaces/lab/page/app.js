// The page: what it is made of, and how the address, the views and the runs hold together.

import * as address from "./address.js";
import { Asking } from "./asking.js";
import { Claims } from "./claims.js";
import { DossierDesk } from "./dossier.js";
import { el, put } from "./element.js";
import { Figures } from "./figures.js";
import { Findings } from "./findings.js";
import { Glass } from "./glass.js";
import { Levers } from "./levers.js";
import { Life } from "./life.js";
import { Pairing } from "./pairing.js";
import { json, Refusal, takeToken } from "./server.js";
import { Session } from "./session.js";
import { Setup } from "./setup.js";
import { Tour } from "./tour.js";
import { fillIn, loadWords, t } from "./words.js";

const VIEWS = ["tour", "lab", "findings", "claims"];
const THEMES = ["light", "dark"];
const AGAIN_MS = 500;
const READY_MS = 1000;
const LAB_SPEED = 8;

class Page {
  constructor(lab, presets, schemes) {
    this.lab = lab;
    this.session = new Session();
    this.asking = new Asking(lab, presets, schemes);
    this.build();
    this.arrange();
    window.addEventListener("hashchange", () => this.follow());
    document.addEventListener("keydown", (event) => this.key(event));
    this.asking.on(() => this.note());
    this.session.on("refused", (error) => this.setup.refused(error));
    this.session.on("worlds", () => {
      this.desk.classList.toggle("of-two", this.session.worlds.length > 1);
      this.settleReady();
    });
    this.session.on("week", (week) => {
      if (!this.glass.player.playing) this.note(week);
    });
  }

  build() {
    const { asking, session } = this;
    this.glass = new Glass(session, {
      pick: (citizen, pane) => this.life.open(citizen, pane.side === "there" ? 1 : 0),
      look: () => this.note(),
      titled: (world, side) => this.pairing?.titled(world, side) ?? world.run.title,
    });
    this.life = new Life(session, this.glass, { go: (week) => this.glass.player.wind(week), open: () => this.node("lab").classList.add("with-life"), close: () => this.node("lab").classList.remove("with-life") });
    this.setup = new Setup(asking, session, { run: () => this.run(), cancel: () => this.cancel() });
    this.pairing = new Pairing(asking, session, { pick: (citizen, side) => this.life.open(citizen, side) });
    this.levers = new Levers(asking);
    this.figures = new Figures(session);
    this.findings = new Findings(session);
    this.dossier = new DossierDesk(asking);
    this.claims = new Claims();
    this.tour = new Tour(asking, session, this.glass, {
      step: (step) => address.write({ view: "tour", step: step + 1 }, { push: this.view === "tour" && this.step !== step + 1 }) ?? (this.step = step + 1),
      lab: () => this.go("lab"),
      life: (place) => this.openPlace(place),
    });
  }

  arrange() {
    this.slot = el("div", { class: "slot" });
    this.side = el("div", { class: "beside" }, this.life.node, this.figures.node);
    put(this.node("tour"), this.tour.node);
    this.desk = el("div", { class: "desk" }, el("div", { class: "ask" }, this.setup.node, this.levers.node),
        el("div", { class: "middle" }, this.pairing.picker, this.slot, this.pairing.node, this.findings.brief), this.side);
    put(this.node("lab"), el("h1", { class: "unseen" }, t("views.lab")), this.desk);
    put(this.node("findings"), el("h1", {}, t("findings.title")), this.findings.node, this.dossier.node);
    put(this.node("claims"), this.claims.node);
  }

  node(view) {
    return document.querySelector(`.view[data-of="${view}"]`);
  }

  /** Show what the address says. */
  async follow() {
    const at = address.read();
    if (at.look) this.glass.setLook(at.look);
    const view = VIEWS.includes(at.view) ? at.view : at.ask ? "lab" : "tour";
    if (view === "tour") return this.show("tour", { step: (Number(at.step) || 1) - 1 });
    if (at.ask) {
      this.asking.set(at.ask, at.pair || "");
      await this.show(view);
      if (!this.setup.isCurrent) await this.run(at.week);
    } else await this.show(view);
    return undefined;
  }

  async show(view, { step, push = false } = {}) {
    const isNew = view !== this.view;
    this.view = view;
    document.getElementById("first").hidden = true;
    for (const one of VIEWS) this.node(one).hidden = one !== view;
    for (const one of document.querySelectorAll("[data-view]")) one.toggleAttribute("data-current", one.dataset.view === view);
    for (const one of document.querySelectorAll("nav [data-view]")) one.dataset.view === view ? one.setAttribute("aria-current", "page") : one.removeAttribute("aria-current");
    document.title = `${t(`views.${view}`)} – Glasstown`;
    if (view !== "tour") this.tour.leave();
    if (view === "lab") this.slot.append(this.glass.node);
    if (view === "tour") this.tour.slot.append(this.glass.node, this.life.node);
    else this.side.prepend(this.life.node);
    this.findings.briefly = view === "lab";
    this.findings.shown = view === "findings";
    if (view === "claims") this.claims.draw();
    if (view === "tour") {
      this.step = (step ?? this.tour.at ?? 0) + 1;
      await this.tour.go(step ?? this.tour.at ?? 0);
    } else {
      this.note(undefined, push && isNew);
    }
    if (isNew && push) document.getElementById("main").focus({ preventScroll: true }), scrollTo(0, 0);
  }

  /** Go to a view as a visitor does; the lab keeps its own settings while the tour shows others. */
  async go(view) {
    const isLeaving = this.view === "tour" && view === "lab";
    if (this.view === "lab" && view === "tour") this.kept = { ask: this.asking.ask, pair: this.asking.pair };
    if (isLeaving) this.asking.set(this.kept?.ask ?? this.asking.preset(this.lab.default.scheme), this.kept?.pair);
    if (isLeaving) this.glass.setLook("shut_out");
    await this.show(view, { push: true });
    if (isLeaving) await this.run();
  }

  /** Write the address as things stand. */
  note(week = this.session.week, push = false) {
    if (this.view === "tour" || !this.view) return;
    address.write({ view: this.view, ask: this.asking.ask, pair: this.asking.pair, week: week || null, look: this.glass.look === "shut_out" ? null : this.glass.look }, { push });
  }

  /** Run what is set up, from its first week. */
  async run(week = 0) {
    this.glass.player.pause();
    this.setup.refused(null);
    try {
      await this.session.show(this.asking.asks, { week });
      if (week) this.session.goTo(week);
      else this.glass.player.start(LAB_SPEED);
      this.wanted = week;
    } catch (error) {
      this.setup.refused(error);
    }
  }

  async cancel() {
    for (const world of this.session.worlds) {
      // A stop is never lost: where the lab is called too often it is asked again.
      while (!world.ended && (await this.isBusy(`runs/${world.run.id}`))) await new Promise((go) => setTimeout(go, AGAIN_MS));
    }
  }

  /** Ask the lab to end a run; return whether it had no time to listen. */
  async isBusy(path) {
    return json(path, { method: "DELETE" }).then(() => false, (error) => error.status === 429);
  }

  openPlace(place) {
    const { world } = this.session;
    import("./country.js").then(({ citizenOf }) => {
      this.glass.lookAt(place);
      this.life.open(citizenOf(world.country, place), 0);
    });
  }

  /** While kernels are compiled, once on a machine, say so. */
  async settleReady() {
    if (this.lab.is_ready || this.session.isWarming) return;
    this.session.isWarming = true;
    while (!this.lab.is_ready) {
      this.session.tell("state");
      await new Promise((go) => setTimeout(go, READY_MS));
      this.lab = await json("lab").catch(() => this.lab);
    }
    this.session.isWarming = false;
    this.session.tell("state");
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea, button, summary, a")) return;
    if (this.view !== "lab" && this.view !== "tour") return;
    const acts = {
      " ": () => this.glass.player.toggle(), ",": () => this.glass.player.wind(this.session.week - 1), ".": () => this.glass.player.wind(this.session.week + 1),
    };
    if (!(event.key in acts) || !this.session.worlds.length) return;
    acts[event.key]();
    event.preventDefault();
  }
}

function themes() {
  const button = document.querySelector(".theme");
  const kept = localStorage.getItem("glasstown-theme");
  if (THEMES.includes(kept)) document.documentElement.dataset.theme = kept;
  button.addEventListener("click", () => {
    const now = document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    const next = now === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    localStorage.setItem("glasstown-theme", next);
    window.page?.glass.paint(false);
  });
}

function links(page) {
  document.querySelectorAll("[data-view], .brand").forEach((one) => one.addEventListener("click", (event) => {
    event.preventDefault();
    page.go(one.dataset.view || "tour");
  }));
  document.querySelector(".jump").addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("main").focus();
  });
}

async function begin() {
  themes();
  takeToken();
  await loadWords("en");
  fillIn();
  try {
    const [lab, { presets }, { schemes }] = await Promise.all([json("lab"), json("presets"), json("schemes")]);
    const page = new Page(lab, presets, schemes);
    window.page = page;
    links(page);
    await page.follow();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    document.getElementById("first").append(el("p", { class: "refused", role: "alert" }, error.status === 401 ? t("page.token") : error.message));
  }
}

begin();
