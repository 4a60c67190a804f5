// What is publicly claimed of such systems, and the experiment that each claim was given.

import { el, put } from "./element.js";
import { json } from "./server.js";
import { has, t } from "./words.js";

export class Claims {
  constructor() {
    this.list = el("div", { class: "claim-list" });
    this.node = el("section", { class: "claims" }, el("h1", {}, t("claims.title")), el("p", { class: "lede" }, t("claims.intro")), this.list,
      el("p", { class: "soft" }, t("claims.command"), " ", el("code", {}, "glasstown claims")));
  }

  async draw() {
    if (this.drawn) return;
    try {
      const { claims } = await json("claims");
      put(this.list, claims.map(card));
      this.drawn = true;
    } catch (error) {
      put(this.list, el("p", { class: "refused" }, error.message));
    }
  }
}

function card(claim) {
  const told = ["said_by", "did", "takes_for_granted"].filter((key) => claim[key]);
  return el("article", { class: "claim" },
    claim.side && el("p", { class: "kicker" }, has(`claims.side.${claim.side}`) ? t(`claims.side.${claim.side}`) : claim.side),
    el("h2", {}, claim.claim ?? claim.name),
    el("dl", {}, told.map((key) => [el("dt", {}, t(`claims.${key}`)), el("dd", {}, String(claim[key]))])));
}
