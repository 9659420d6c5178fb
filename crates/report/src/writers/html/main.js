// From the address to the view, and from the controls to the address.
const parts = ["cases", "summary"].map((id) => document.getElementById(id));
let drawn = null;
let leftAt = 0;

function option(value, words = value) {
  return make("option", { value }, words);
}

/** Fills the controls that depend on the run. */
function fillControls() {
  const { profile, verdict, target, area } = filter.elements;
  profile.append(...data.profiles.map((name) => option(name)));
  profile.value = data.profiles.at(-1) ?? "";
  verdict.append(option("", "any"), option("failure", "any failure"), ...data.verdicts.map(({ name, letter }) => option(name, `${letter} ${name}`)));
  target.append(option("", "any target"), ...data.targets.map(({ label }) => option(label)));
  area.append(option("", "all"), ...[...new Set(data.cases.map((one) => one.area))].map((name) => option(name)));
}

/** Fills the sections of the chosen profile, with those they are part of. */
function fillSections(chosen) {
  const { section } = filter.elements;
  const cited = data.cases.flatMap((one) => one.sections[profileIndex()] ?? []);
  const parts = cited.flatMap((name) => name.split(".").map((_, nth, words) => words.slice(0, nth + 1).join(".")));
  const names = [...new Set(parts)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  section.replaceChildren(option("", "all"), ...names.map((name) => option(name)));
  section.value = names.includes(chosen) ? chosen : "";
}

function readAddress() {
  const parameters = address();
  const open = parameters.has("case");
  for (const name of filterNames) {
    // With a case, the target is the one whose answer is shown, and no filter.
    if (name === "section" || (name === "target" && open)) continue;
    const control = filter.elements[name];
    const before = control.value;
    control.value = parameters.get(name) ?? (name === "profile" ? data.profiles.at(-1) ?? "" : "");
    if (control.selectedIndex === -1) control.value = before;
  }
  fillSections(parameters.get("section") ?? "");
}

function writeAddress() {
  const newest = data.profiles.at(-1);
  const changes = Object.fromEntries(filterNames.map((name) => [name, filter.elements[name].value]));
  if (changes.profile === newest) changes.profile = "";
  history.replaceState(null, "", linkTo({ ...changes, case: "" }));
}

/** Draws the matrix, unless it is already what the controls ask for. */
function draw() {
  const wanted = filterNames.map((name) => filter.elements[name].value).join("\n");
  if (wanted === drawn) return;
  drawn = wanted;
  narrow();
}

function show() {
  const parameters = address();
  readAddress();
  draw();
  const id = parameters.get("case");
  const wasOpen = !article.hidden;
  if (id !== null) {
    if (!wasOpen) leftAt = scroll.scrollTop;
    parts.forEach((part) => { part.hidden = true; });
    article.hidden = false;
    showCase(id);
    document.title = `${id} – cookiespec report`;
    document.getElementById("case-title").focus({ preventScroll: true });
    window.scrollTo(0, 0);
    return;
  }
  article.hidden = true;
  parts.forEach((part) => { part.hidden = false; });
  document.title = "cookiespec report";
  if (wasOpen) {
    scroll.scrollTop = leftAt;
    cellAt(active)?.focus({ preventScroll: true });
  }
}

filter.addEventListener("input", () => {
  fillSections(filter.elements.section.value);
  writeAddress();
  draw();
});
filter.addEventListener("submit", (event) => event.preventDefault());
filter.addEventListener("reset", (event) => {
  event.preventDefault();
  location.hash = linkTo(Object.fromEntries(filterNames.filter((name) => name !== "profile").map((name) => [name, ""])));
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !article.hidden) location.hash = linkTo({ case: "", target: filter.elements.target.value });
});
// A link to a part of the page must not cost the filters, which are in the address.
document.querySelector("header nav").addEventListener("click", (event) => {
  const part = event.target.closest("a")?.hash.slice(1);
  if (!part) return;
  event.preventDefault();
  if (!article.hidden) {
    history.pushState(null, "", linkTo({ case: "", target: filter.elements.target.value }));
    show();
  }
  document.getElementById(part).scrollIntoView();
});
addEventListener("hashchange", show);

fillControls();
show();
