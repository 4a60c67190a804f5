// The ask as the page holds it: the preset it began from, what differs from it, and who is told.

import { changed, link } from "./address.js";
import { json } from "./server.js";

export class Asking extends EventTarget {
  constructor(lab, presets, schemes) {
    super();
    this.lab = lab;
    this.presets = presets;
    this.schemes = schemes;
    this.levers = new Map();
    this.pair = "";
    this.set(this.preset(lab.default.scheme) || lab.default);
  }

  on(act) {
    this.addEventListener("change", act);
    return this;
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }

  /** The ask that a preset stands for, with the lab's defaults where it is silent. */
  preset(name) {
    const preset = this.presets.find((one) => one.name === name);
    return preset && this.whole(preset.ask);
  }

  whole(ask) {
    const whole = { ...this.lab.default, ...ask };
    for (const name of Object.keys(whole)) if (whole[name] === undefined) delete whole[name];
    return { ...whole, without: [...(ask.without || [])], spark: [...(ask.spark || [])],
      groups: ask.groups || [], rollout: ask.rollout || [], changes: { ...(ask.changes || {}) } };
  }

  /** Take an ask as it is, from a preset, a link or the tour. */
  set(ask, pair = "") {
    this.ask = this.whole(ask);
    this.pair = pair;
    this.tell();
  }

  /** Change single keys of the ask. */
  change(parts) {
    this.ask = { ...this.ask, ...parts };
    this.tell();
  }

  setScheme(name) {
    const own = Object.fromEntries(Object.entries(this.ask.changes).filter(([key]) => !key.startsWith("scheme.")));
    this.change({ scheme: name, changes: own });
  }

  /** Set a lever; the preset's own value takes the change away. */
  setLever(lever, value) {
    const changes = { ...this.ask.changes };
    if (same(value, lever.value)) delete changes[lever.key];
    else changes[lever.key] = value;
    this.change({ changes });
  }

  /** Leave a mechanism out, or put it back. */
  setMechanism(name, is) {
    const without = this.ask.without.filter((one) => one !== name);
    this.change({ without: is ? without : [...without, name].sort() });
  }

  setPair(pair) {
    this.pair = pair;
    this.tell();
  }

  /** The asks to run: one, or two with one change between them. */
  get asks() {
    return this.pair ? [this.ask, changed(this.ask, this.pair)] : [this.ask];
  }

  get link() {
    return link(this.ask);
  }

  /** How many things differ from the preset. */
  get differences() {
    return Object.keys(this.ask.changes).length + this.ask.without.length;
  }

  /** The levers of a scheme, asked for once. */
  async leversOf(scheme) {
    if (!this.levers.has(scheme)) this.levers.set(scheme, json(`levers?scheme=${encodeURIComponent(scheme)}`));
    try {
      return await this.levers.get(scheme);
    } catch (error) {
      this.levers.delete(scheme);
      throw error;
    }
  }

  /** A lever of a scheme by its key. */
  async lever(scheme, key) {
    const { groups } = await this.leversOf(scheme);
    return groups.flatMap((one) => one.levers).find((one) => one.key === key);
  }
}

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
