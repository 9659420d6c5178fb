"use strict";
// Without this script the page shows everything, for both profiles side by side.
const field = (name) => document.querySelector(`.filter [name=${name}]`);
const [text, area, verdict, profile] = ["text", "area", "verdict", "profile"].map(field);
const cases = [...document.querySelectorAll("#cases tbody")].map((body) => ({
  body,
  area: body.dataset.area,
  words: body.textContent.toLowerCase(),
  letters: [".p0", ".p1"].map((cell) => new Set([...body.querySelectorAll(`tr:first-child ${cell}`)].map((i) => i.textContent))),
}));

function narrow() {
  const which = profile ? profile.value : "0";
  document.body.dataset.profile = which;
  const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const one of cases) {
    const fits = (!area.value || one.area === area.value)
      && (!verdict.value || [...verdict.value].some((letter) => one.letters[which].has(letter)))
      && wanted.every((word) => one.words.includes(word));
    one.body.hidden = !fits;
    shown += fits;
  }
  document.querySelector(".filter output").value = `${shown} of ${cases.length} cases`;
}

document.querySelector(".filter").addEventListener("input", narrow);
document.querySelector(".filter").addEventListener("submit", (event) => event.preventDefault());

// A link to a case opens it.
function open() {
  const body = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = body && body.querySelector("details");
  if (details) { body.hidden = false; details.open = true; body.scrollIntoView(); }
}
addEventListener("hashchange", open);
document.querySelector(".filter").hidden = false;
narrow();
open();
