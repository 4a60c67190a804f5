// The looks of the stage: each turns what a citizen is this week into one of a few classes, and each
// class has a colour. Hues are those of Okabe and Ito (2008), told apart by lightness as well.

export const MOST_CLASSES = 10;

const CROWD = { light: "#c6ced6", dark: "#434d58" };
const YOUNG = { light: "#e6eaee", dark: "#272d34" };
const both = (light, dark = light) => ({ light, dark });

const OWN = both("#0072b2", "#4ba3dc");
const WRONG = both("#d55e00", "#ff7a1a");
const NOTICE = both("#b59a00", "#f0e442");
const FAINT = both("#f0cf8e", "#8a6a35");
const PALE = both("#dcb9d2", "#6a4662");
const PURPLE = both("#a04a86", "#dd92bf");
const DEEP = both("#5b2a55", "#b06aa8");
const SKY = both("#3f9bd6", "#7cc8f2");
const ORANGE = both("#d98e00", "#f0b030");

const TIER_COLOURS = [both("#0072b2", "#4ba3dc"), both("#7db7dc", "#2e6690"), CROWD, ORANGE, WRONG, both("#6b2208", "#ffb59b")];
const TIERS_BY_COUNT = { 1: [2], 2: [2, 4], 3: [0, 2, 4], 4: [0, 2, 3, 4], 5: [0, 1, 2, 3, 4], 6: [0, 1, 2, 3, 4, 5] };
const CAUTION = [
  CROWD, both("#e9c46a", "#5a4a2a"), both("#e5a450", "#7d5a2c"), both("#d97f3f", "#a8692f"), both("#bf5b3b", "#cf7d3f"),
  both("#97394a", "#ee9a5c"), both("#6b2351", "#fcbf86"), both("#3d0f4a", "#ffe6c4"),
];

const isAdult = (who) => (who >> 3) & 1;
const OPPOSED_BELOW = 128;

/** Each look: its classes in the order of the legend, and the class of a citizen. */
export const LOOKS = {
  shut_out: {
    classes: () => [["own", OWN, true], ["wrong", WRONG, true], ["free", CROWD], ["child", YOUNG]],
    of: (p, who) => (p[2] & 15 ? (p[2] >> 7 ? 1 : 0) : isAdult(who) ? 2 : 3),
  },
  tier: {
    classes: (tiers) => [...tierColours(tiers), ["none", YOUNG]],
    of: (p, who, opinion, tiers) => Math.min(p[0] & 7, tiers.length),
    named: (tiers) => tiers.map((one) => one.name),
  },
  list: {
    classes: () => [["black", WRONG, true], ["notice", NOTICE, true], ["red", OWN, true], ["shamed", PURPLE, true], ["free", CROWD], ["child", YOUNG]],
    of: (p, who) => {
      const list = (p[0] >> 3) & 3;
      if ((p[0] >> 5) & 1) return 3;
      return list ? [4, 0, 2, 1][list] : isAdult(who) ? 4 : 5;
    },
  },
  speech: {
    classes: () => [
      ["critical", ORANGE], ["mobilising", WRONG], ["unheard", FAINT], ["silenced", PURPLE], ["falsifying", DEEP],
      ["praising", SKY], ["quiet", CROWD], ["child", YOUNG],
    ],
    of: (p, who, opinion) => {
      const stance = p[1] & 3;
      if (!isAdult(who)) return 7;
      if (stance >= 2) return p[1] >> 7 ? 2 : stance - 2;
      if (opinion < OPPOSED_BELOW) return stance ? 4 : 3;
      return stance ? 5 : 6;
    },
  },
  caution: {
    classes: () => CAUTION.map((one, i) => [String(i), one]),
    of: (p) => (p[1] >> 2) & 7,
  },
  gathering: {
    classes: () => [["joined", WRONG, true], ["opposed", PALE], ["free", CROWD], ["child", YOUNG]],
    of: (p, who, opinion) => ((p[1] >> 6) & 1 ? 0 : !isAdult(who) ? 3 : opinion < OPPOSED_BELOW ? 1 : 2),
  },
};

function tierColours(tiers) {
  const places = TIERS_BY_COUNT[tiers.length] || [2];
  return tiers.map((_, i) => [String(i), TIER_COLOURS[places[i] ?? 2], (places[i] ?? 2) > 2]);
}

/** The classes of a difference between two worlds. */
export const DIFFERENCE = [
  ["there", WRONG, true], ["here", OWN, true], ["both", both("#5c6670", "#aab4be")], ["neither", CROWD], ["child", YOUNG],
];

/** The class of every citizen in a week, and how many there are of each. */
export function classified(look, planes, people, tiers) {
  const n = people.length / 2;
  const classes = new Uint8Array(n);
  const counts = new Uint32Array(MOST_CLASSES);
  const { of } = LOOKS[look];
  const p = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    p[0] = planes[i];
    p[1] = planes[n + i];
    p[2] = planes[2 * n + i];
    p[3] = planes[3 * n + i];
    counts[(classes[i] = of(p, people[i], people[n + i], tiers))]++;
  }
  return { classes, counts };
}

/** The class of every citizen by who is shut out in one world and in the other. */
export function differing(here, there, people) {
  const n = people.length / 2;
  const classes = new Uint8Array(n);
  const counts = new Uint32Array(MOST_CLASSES);
  for (let i = 0; i < n; i++) {
    const a = here[2 * n + i] & 15;
    const b = there[2 * n + i] & 15;
    const one = b ? (a ? 2 : 0) : a ? 1 : isAdult(people[i]) ? 3 : 4;
    counts[(classes[i] = one)]++;
  }
  return { classes, counts };
}
