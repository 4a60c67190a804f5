// What is drawn above the dots: the names of regions, the ties of a citizen, and the ring around it.

const TIE_COLOURS = { household: "#d55e00", neighbour: "#009e73", colleague: "#0072b2", acquaintance: "#cc79a7", online: "#8a8f98" };

/** The names of the regions, as long as there is room for. */
export function drawNames(stage, pen, style) {
  const { dot, left, top, ratio } = stage;
  const size = Math.max(8.5 * ratio, Math.min(5.4 * dot, 13 * ratio));
  pen.font = `600 ${size}px ${style.fontFamily}`;
  pen.fillStyle = style.getPropertyValue("--soft");
  pen.textBaseline = "alphabetic";
  for (const one of stage.country.regions) {
    const room = (one.width + 2) * dot;
    const text = [one.name, one.name.split(" (")[0], one.label].find((name) => pen.measureText(name).width <= room) ?? one.label;
    pen.fillText(text, left + one.x * dot, top + (one.y + 5.4) * dot);
  }
}

/** Lines from the citizen looked at to those it knows. */
export function drawTies(stage, pen) {
  if (stage.cursor < 0 || !stage.ties.length) return;
  const from = stage.middle(stage.cursor);
  pen.lineWidth = 1.6 * stage.ratio;
  for (const { place, kind } of stage.ties) {
    const to = stage.middle(place);
    const bend = Math.hypot(to.x - from.x, to.y - from.y) * 0.18;
    const nx = -(to.y - from.y);
    const ny = to.x - from.x;
    const length = Math.hypot(nx, ny) || 1;
    pen.strokeStyle = TIE_COLOURS[kind] || TIE_COLOURS.online;
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.quadraticCurveTo((from.x + to.x) / 2 + (nx / length) * bend, (from.y + to.y) / 2 + (ny / length) * bend, to.x, to.y);
    pen.stroke();
    pen.beginPath();
    pen.arc(to.x, to.y, Math.max(2.5 * stage.ratio, stage.dot * 0.6), 0, 7);
    pen.stroke();
  }
}

/** A ring around the citizen looked at. */
export function drawCursor(stage, pen, style) {
  if (stage.cursor < 0) return;
  const at = stage.middle(stage.cursor);
  const radius = Math.max(6 * stage.ratio, stage.dot * 1.1);
  pen.lineWidth = 4 * stage.ratio;
  pen.strokeStyle = style.getPropertyValue("--page");
  pen.beginPath();
  pen.arc(at.x, at.y, radius, 0, 7);
  pen.stroke();
  pen.lineWidth = 2 * stage.ratio;
  pen.strokeStyle = style.getPropertyValue("--ink");
  pen.stroke();
}
