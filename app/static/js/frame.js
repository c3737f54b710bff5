/** The frame around every screen: title, Back, note, focus. */

import { h } from "./dom.js";
import { t } from "./words.js";

const main = document.getElementById("main");
let drawn = false;

/** Draw a screen ([title, …nodes]) and take the reader to its start, or to what is wrong. */
export function draw([title, ...nodes], { back, note, faults = {} } = {}) {
  document.title = [Object.keys(faults).length && t("error"), title, "·", t("brand")].filter(Boolean).join(" ");
  const parts = [back && h("a", { class: "back", href: back }, t("back")), note && h("p", { class: "note" }, note), nodes];
  main.replaceChildren(...parts.flat(Infinity).filter(Boolean));
  // The buttons of the frame belong to the form of the step; where there is none they need one all the same.
  if (!main.querySelector("#walk")) main.append(h("form", { id: "walk" }));
  const target = document.getElementById(location.hash.slice(1));
  const start = main.querySelector(".errors") ?? target ?? (drawn && heading());
  if (!target) scrollTo(0, 0);
  if (start) start.focus();
  drawn = true;
}

function heading() {
  const first = main.querySelector("h1");
  first.tabIndex = -1;
  return first;
}
