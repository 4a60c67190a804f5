// The bar above the glass: which scheme, how many people, how long, whose luck; run, share, save.

import { el, put, settled } from "./element.js";
import { json, Refusal, save, text } from "./server.js";
import { count, t, tn } from "./words.js";

const CHECK_MS = 350;

export class Setup {
  /** `on.run()` starts what is set up; `on.cancel()` ends what is running. */
  constructor(asking, session, on = {}) {
    Object.assign(this, { asking, session, on });
    const { limits } = asking.lab;
    this.preset = el("select", { id: "preset", onchange: () => this.choose() },
      ["schemes", "questions"].map((kind) => el("optgroup", { label: t(`setup.kinds.${kind}`) },
        asking.presets.filter((one) => asking.schemes.some((scheme) => scheme.name === one.name) === (kind === "schemes"))
          .map((one) => el("option", { value: one.name }, one.title)))));
    this.summary = el("p", { class: "summary" });
    this.rest = el("p");
    this.more = el("details", { class: "more" }, el("summary", {}, t("setup.about")), this.rest);
    this.fields = {
      citizens: this.field("citizens", limits.citizens, 1000), weeks: this.field("weeks", limits.weeks, 1),
      seed: this.field("seed", [0, Number.MAX_SAFE_INTEGER], 1),
    };
    this.spark = el("input", { id: "spark", type: "text", placeholder: "2015-05-01", onchange: () => this.asking.change({ spark: this.spark.value.split(/[\s,;]+/).filter(Boolean) }) });
    this.go = el("button", { type: "button", class: "primary run", onclick: () => this.pressed() });
    this.problems = el("div", { class: "refused", role: "alert", hidden: true });
    this.state = el("p", { class: "state small", role: "status" });
    this.digest = el("p", { class: "digest small", hidden: true });
    this.node = el("section", { class: "setup", "aria-label": t("setup.name") },
      el("div", { class: "choose" }, el("label", { for: "preset" }, t("setup.scheme")), this.preset), this.summary, this.more,
      el("div", { class: "numbers" }, Object.values(this.fields).map((one) => one.node),
        el("div", { class: "field wide" }, el("label", { for: "spark" }, t("setup.spark")), this.spark)),
      el("div", { class: "acts" }, this.go,
        el("button", { type: "button", class: "quiet share", onclick: () => this.share() }, t("setup.share")),
        el("button", { type: "button", class: "quiet save", onclick: () => this.save() }, t("setup.save")),
        el("button", { type: "button", class: "quiet reset", onclick: () => this.choose() }, t("setup.reset"))),
      this.problems, this.state, this.digest);
    this.check = settled(CHECK_MS, () => this.checked());
    asking.on(() => this.drawn());
    session.on("state weeks worlds", () => this.status());
    this.drawn();
  }

  field(name, [low, high], step) {
    const input = el("input", { id: `ask-${name}`, type: "number", min: low, max: high, step, inputmode: "numeric", onchange: () => this.asking.change({ [name]: Number(input.value) }) });
    return { input, node: el("div", { class: "field" }, el("label", { for: `ask-${name}` }, t(`setup.${name}`)), input) };
  }

  choose() {
    const { ask } = this.asking;
    const preset = this.asking.preset(this.preset.value);
    this.asking.set({ ...preset, seed: ask.seed, citizens: ask.citizens }, this.asking.pair);
  }

  drawn() {
    const { ask, presets } = this.asking;
    const preset = presets.find((one) => one.name === this.preset.value && one.ask.scheme === ask.scheme) || presets.find((one) => one.ask.scheme === ask.scheme);
    if (preset) this.preset.value = preset.name;
    const [first, ...rest] = (preset?.summary ?? "").split(/(?<=\.) /);
    this.summary.textContent = first;
    this.rest.textContent = rest.join(" ");
    this.more.hidden = !rest.length;
    for (const [name, { input }] of Object.entries(this.fields)) if (input !== document.activeElement) input.value = ask[name];
    if (this.spark !== document.activeElement) this.spark.value = ask.spark.join(", ");
    this.check();
    this.status();
  }

  async checked() {
    const { asks } = this.asking;
    try {
      await Promise.all(asks.map((one) => json("check", { method: "POST", body: one })));
      this.refused(null);
    } catch (error) {
      this.refused(error);
    }
  }

  /** Say what the server would not take, in its words. */
  refused(error) {
    this.problems.hidden = !error;
    if (!error) return;
    const problems = error instanceof Refusal ? error.problems : [];
    put(this.problems, problems.length
      ? problems.map((one) => el("p", {}, el("code", {}, one.key), ` ${one.message}`, one.nearest && ` ${t("setup.nearest", { nearest: one.nearest })}`))
      : el("p", {}, error.message));
  }

  get isCurrent() {
    const keys = this.session.worlds.map((one) => JSON.stringify(one.ask));
    return keys.join() === this.asking.asks.map((one) => JSON.stringify(one)).join();
  }

  get isRunning() {
    return this.session.worlds.some((one) => !one.ended);
  }

  pressed() {
    if (this.isRunning && this.isCurrent) return this.on.cancel?.();
    this.on.run?.();
  }

  status() {
    const { world, other } = this.session;
    const isRunning = this.isRunning && this.isCurrent;
    this.go.textContent = t(isRunning ? "setup.cancel" : this.isCurrent && world ? "setup.again" : "setup.run");
    this.go.classList.toggle("due", !this.isCurrent);
    this.state.textContent = world ? this.said(world, other) : "";
    const digests = this.session.worlds.map((one) => one.run.digest);
    this.digest.hidden = !digests.length || !digests.every(Boolean);
    if (!this.digest.hidden) put(this.digest, digests.map((one) => el("span", { class: "hash", title: one }, t("setup.digest", { digest: one }))));
  }

  said(world, other) {
    const { run } = world;
    if (run.state === "queued") return run.place ? tn("stage.queued", run.place) : t("stage.coming");
    const weeks = Math.min(world.weeks, other?.weeks ?? Infinity);
    const said = t(`setup.states.${run.state}`, { weeks, of: run.weeks, citizens: count(run.citizens), scale: run.scale });
    return this.isCurrent ? said : `${said} ${t("setup.due")}`;
  }

  async share() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.state.textContent = t("setup.shared");
    } catch {
      this.state.textContent = location.href;
    }
  }

  async save() {
    try {
      save(`${this.asking.ask.scheme}.yaml`, await text("scenario.yaml", { method: "POST", body: this.asking.ask }));
      this.refused(null);
    } catch (error) {
      this.refused(error);
    }
  }
}
