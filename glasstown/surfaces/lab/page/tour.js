// The guided tour: one mechanism a step; a guess, then the weeks pass, then what the run says.

import { el, put } from "./element.js";
import { Figures } from "./figures.js";
import { nearest, STEPS } from "./steps.js";
import { t } from "./words.js";

export class Tour {
  /** `on.step(n)` hears where the tour is; `on.lab()` leaves for the free lab; `on.life(citizen)`. */
  constructor(asking, session, glass, on = {}) {
    Object.assign(this, { asking, session, glass, on });
    this.guesses = new Map();
    this.figures = new Figures(session, "tour-");
    this.text = el("div", { class: "step" });
    this.slot = el("div", { class: "slot" });
    this.node = el("section", { class: "tour", "aria-label": t("tour.name") }, this.text, el("div", { class: "show" }, this.slot));
    session.on("week state frames", () => this.isShown && this.answer());
  }

  get step() {
    return STEPS[this.at];
  }

  /** Go to a step, from 0. */
  async go(at) {
    this.at = Math.max(0, Math.min(STEPS.length - 1, at));
    this.isShown = true;
    const { step } = this;
    const guessed = this.guesses.get(step.key);
    this.glass.player.pause();
    this.told = false;
    this.isReady = false;
    this.draw();
    this.on.step?.(this.at);
    this.asking.set({ ...this.asking.whole(step.ask) }, step.pair || "");
    this.glass.setLook(step.look);
    this.glass.setDifference(false);
    this.glass.player.setSpeed(step.speed);
    try {
      await this.session.show(this.asking.asks, { week: guessed === undefined ? 0 : step.ask.weeks });
      if (this.step !== step) return;
      this.isReady = true;
      this.figures.only([step.figure]);
      if (this.guesses.has(step.key)) this.play();
    } catch (error) {
      this.problem.textContent = error.message;
      this.problem.hidden = false;
    }
  }

  leave() {
    this.isShown = false;
  }

  draw() {
    const { step } = this;
    const words = (part) => t(`tour.steps.${step.key}.${part}`);
    this.title = el("h1", { tabindex: -1 }, words("title"));
    this.result = el("div", { class: "answer", "aria-live": "polite" });
    this.problem = el("p", { class: "refused", role: "alert", hidden: true });
    this.options = el("div", { class: "options", role: "group", "aria-labelledby": "question" }, step.options.map((one) =>
      el("button", { type: "button", "data-option": one, "aria-pressed": "false", onclick: () => this.guess(one) }, this.written(one))));
    put(this.text, el("p", { class: "kicker" }, t("tour.kicker", { step: this.at + 1, steps: STEPS.length })), this.title,
      t(`tour.steps.${step.key}.text`).split("\n").map((one) => el("p", { class: "body" }, one)),
      el("p", { class: "question", id: "question" }, words("question")), this.options, this.problem, this.result, this.ways());
    const guessed = this.guesses.get(step.key);
    if (guessed !== undefined) this.pressed(guessed);
  }

  /** How an option reads: a bare number, or in the words of its step. */
  written(value) {
    const text = this.step.format(value);
    return t(`tour.steps.${this.step.key}.option`, { value: text });
  }

  ways() {
    const isLast = this.at === STEPS.length - 1;
    const dots = el("ol", { class: "steps", "aria-label": t("tour.steps_name") }, STEPS.map((one, i) => el("li", {},
      el("button", { type: "button", "aria-current": i === this.at ? "step" : null, "aria-label": t("tour.to", { step: i + 1, title: t(`tour.steps.${one.key}.title`) }), onclick: () => this.turn(i) }))));
    return el("nav", { class: "ways", "aria-label": t("tour.ways") },
      el("button", { type: "button", class: "quiet back", disabled: !this.at, onclick: () => this.turn(this.at - 1) }, t("tour.back")), dots,
      isLast
        ? el("button", { type: "button", class: "primary next", onclick: () => this.on.lab?.() }, t("tour.lab"))
        : el("button", { type: "button", class: "primary next", onclick: () => this.turn(this.at + 1) }, t("tour.next")),
      !isLast && el("button", { type: "button", class: "link skip", onclick: () => this.on.lab?.() }, t("tour.skip")));
  }

  turn(at) {
    this.go(at);
    this.title.focus({ preventScroll: true });
    document.getElementById("main").scrollIntoView({ block: "start" });
  }

  guess(value) {
    this.guesses.set(this.step.key, value);
    this.pressed(value);
    this.play();
    if (!matchMedia("(min-width: 900px)").matches) this.options.scrollIntoView({ block: "start", behavior: "smooth" });
  }

  pressed(value) {
    for (const one of this.options.children) one.setAttribute("aria-pressed", String(Number(one.dataset.option) === value));
  }

  play() {
    if (!this.isReady) return;
    if (this.session.week >= this.session.weeks) return this.answer();
    this.glass.player.start();
    put(this.result, el("p", { class: "soft" }, t("tour.watching"), " ",
      el("button", { type: "button", class: "link now", onclick: () => this.toEnd() }, t("tour.now"))));
  }

  toEnd() {
    this.glass.player.pause();
    this.session.goTo(this.session.weeks);
    this.hurry = true;
    this.answer();
  }

  /** Say what the run says, once its last week is shown. */
  answer() {
    const { session, step } = this;
    const guessed = this.guesses.get(step.key);
    if (guessed === undefined || this.told || !this.isReady) return;
    if (session.worlds.some((one) => one.weeks < one.run.weeks)) return;
    if (session.week < session.weeks) {
      if (this.hurry) this.hurry = false, session.goTo(session.weeks);
      return;
    }
    this.told = true;
    this.hurry = false;
    this.say(step, guessed);
  }

  say(step, guessed) {
    const value = step.value(this.session);
    const right = nearest(step.options, value);
    for (const one of this.options.children) one.classList.toggle("right", Number(one.dataset.option) === right);
    const values = { value: step.format(value), guess: step.format(guessed), ...step.said(this.session) };
    const words = (part) => t(`tour.steps.${step.key}.${part}`, values);
    put(this.result, el("p", { class: "verdict" }, el("b", {}, t(guessed === right ? "tour.near" : "tour.far")), " ", words("answer")),
      el("p", { class: "body" }, words(step.is_strong?.(value, this.session) === false ? "after_weak" : "after")), this.figures.node,
      step.life && el("button", { type: "button", class: "quiet", onclick: () => this.someone() }, t("tour.someone")));
    this.figures.later();
    this.on.told?.();
  }

  /** Open the life of somebody who is shut out for nothing of their own. */
  someone() {
    const { world } = this.session;
    const n = world.country.citizens;
    const planes = world.frame(this.session.week);
    for (let i = 0; i < n; i++) if (planes[2 * n + i] & 15 && planes[2 * n + i] >> 7) return this.on.life?.(i);
    return undefined;
  }
}

export const LAST = STEPS.length - 1;
