// What is publicly claimed of such systems, the experiment that each claim was given, and how it
// came out; the page of the test itself is a document of its own.

import { el, put } from "./element.js";
import { json } from "./server.js";
import { count, has, t } from "./words.js";

export class Claims {
  constructor() {
    this.list = el("div", { class: "claim-list" });
    this.tally = el("ul", { class: "verdicts" });
    this.open = el("p", { class: "links" });
    this.made = el("p", { class: "soft" });
    this.node = el("section", { class: "claims" }, el("h1", {}, t("claims.title")), el("p", { class: "lede" }, t("claims.intro")),
      this.tally, this.open, this.made, this.list);
  }

  async draw() {
    if (this.drawn) return;
    try {
      const told = await json("claims");
      put(this.tally, Object.entries(told.counts).map(([verdict, n]) => el("li", {}, el("strong", {}, count(n)), " ", t(`claims.verdicts.${verdict}`))));
      put(this.open, el("a", { class: "open", href: told.page, target: "_blank", rel: "noopener" }, t("claims.open")));
      const { seeds, scale } = told;
      put(this.made, t("claims.made", { citizens: count(told.citizens), scale, seeds }), " ", t("claims.command"), " ", el("code", {}, told.command));
      put(this.list, told.claims.map(card));
      this.drawn = true;
    } catch (error) {
      put(this.list, el("p", { class: "refused" }, error.message));
    }
  }
}

function card(claim) {
  const told = ["said_by", "did", "takes_for_granted"].filter((key) => claim[key]);
  const { verdict } = claim.result;
  return el("article", { class: "claim", "data-claim": claim.name },
    el("p", { class: "kicker" }, has(`claims.side.${claim.side}`) ? t(`claims.side.${claim.side}`) : claim.side),
    el("h2", {}, claim.claim),
    el("p", { class: "came" }, el("strong", {}, el("span", { "aria-hidden": "true" }, claim.mark), ` ${verdict}.`), ` ${claim.sentence} `,
      claim.interval && el("span", { class: "soft" }, t("claims.interval", { interval: claim.interval }))),
    el("p", { class: "soft small" }, t("claims.rule", { rule: claim.holds.words }), " ", claim.flips && t("claims.flips", { what: claim.flips.meaning, flips: claim.flips_in_words })),
    el("dl", {}, told.map((key) => [el("dt", {}, t(`claims.${key}`)), el("dd", {}, String(claim[key]))])));
}
