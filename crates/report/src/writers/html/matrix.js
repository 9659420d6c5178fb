// The matrix: a row per case, a column per target. Rows are made when they come into view, because
// fifty thousand cells at once would take seconds.
const CHUNK = 80;
const scroll = document.getElementById("scroll");
const matrix = document.getElementById("matrix");
const body = matrix.tBodies[0];
const sentinel = make("tr", { className: "more" }, make("td", {}, "…"));
let shown = { chosen: [], telling: 0, targets: [], profile: 0, made: 0 };
/** The cell the keyboard is at: a row of `chosen`, and a column, -1 for the name of the case. */
let active = { row: 0, column: -1 };

function narrow() {
  const profile = profileIndex();
  const chosen = chosenCases();
  // Targets that have something to say about these cases come first.
  const speaks = (target) => chosen.chosen.some((index) => verdictOf(target, profile, index).class !== "none");
  const [speaking, silent] = [true, false].map((wanted) => shownTargets().filter((target) => speaks(target) === wanted));
  shown = { ...chosen, targets: [...speaking, ...silent], profile, made: 0 };
  const head = shown.targets.map((index) => {
    const { label, version } = data.targets[index];
    return make("th", { scope: "col", title: `${label} ${version}` }, make("span", {}, label));
  });
  const corner = make("th", { scope: "col", className: "corner" }, `Case, under ${data.profiles[profile]}`);
  matrix.tHead.replaceChildren(make("tr", {}, corner, ...head));
  matrix.style.setProperty("--columns", shown.targets.length);
  body.replaceChildren(sentinel);
  sentinel.firstChild.colSpan = shown.targets.length + 1;
  matrix.setAttribute("aria-rowcount", shown.chosen.length + 1);
  scroll.scrollTop = 0;
  active = { row: 0, column: -1 };
  more();
  const { length } = shown.chosen;
  filter.querySelector("output").value = `${length} of ${data.cases.length} cases`;
  filter.querySelector("button").disabled = filterNames.every((name) => name === "profile" || !filter.elements[name].value);
}

/** Makes the next rows. */
function more() {
  const end = Math.min(shown.made + CHUNK, shown.chosen.length);
  const rows = [];
  for (; shown.made < end; shown.made++) {
    if (shown.telling && (shown.made === 0 || shown.made === shown.telling)) {
      const title = shown.made === 0 ? "Cases with different answers" : "Cases with equal answers, or that ran on no target";
      rows.push(make("tr", { className: "divider" }, make("th", { colSpan: shown.targets.length + 1, scope: "colgroup" }, make("span", {}, title))));
    }
    rows.push(row(shown.made));
  }
  sentinel.before(...rows);
  sentinel.hidden = shown.made === shown.chosen.length;
}

function row(nth) {
  const index = shown.chosen[nth];
  const one = data.cases[index];
  const link = make("a", { href: linkTo({ case: one.id, target: "" }), tabIndex: nth === active.row && active.column < 0 ? 0 : -1 }, one.id);
  const name = make("th", { scope: "row" }, link, make("span", { className: "title" }, one.title));
  const cells = shown.targets.map((target) => {
    const { letter, name, class: kind } = verdictOf(target, shown.profile, index);
    return make("td", { className: kind, "aria-label": name, tabIndex: -1 }, letter);
  });
  const made = make("tr", { "aria-rowindex": nth + 2 }, name, ...cells);
  made.dataset.row = nth;
  return made;
}

function cellAt({ row, column }) {
  while (row >= shown.made && shown.made < shown.chosen.length) more();
  const found = body.querySelector(`tr[data-row="${row}"]`);
  return found && (column < 0 ? found.querySelector("a") : found.cells[column + 1]);
}

function move(to) {
  const cell = cellAt(to);
  if (!cell) return;
  const before = cellAt(active);
  if (before) before.tabIndex = -1;
  active = to;
  cell.tabIndex = 0;
  cell.focus({ preventScroll: true });
  cell.closest("td, th").scrollIntoView({ block: "nearest", inline: "nearest" });
}

function placeOf(cell) {
  const row = Number(cell.parentElement.dataset.row);
  return { row, column: cell.cellIndex - 1 };
}

function openAt({ row, column }) {
  const target = column < 0 ? "" : data.targets[shown.targets[column]].label;
  location.hash = linkTo({ case: data.cases[shown.chosen[row]].id, target });
}

matrix.addEventListener("keydown", (event) => {
  const { row, column } = active;
  const [lastRow, lastColumn] = [shown.chosen.length - 1, shown.targets.length - 1];
  const steps = {
    ArrowUp: { row: Math.max(row - 1, 0), column },
    ArrowDown: { row: Math.min(row + 1, lastRow), column },
    ArrowLeft: { row, column: Math.max(column - 1, -1) },
    ArrowRight: { row, column: Math.min(column + 1, lastColumn) },
    PageUp: { row: Math.max(row - 20, 0), column },
    PageDown: { row: Math.min(row + 20, lastRow), column },
    Home: event.ctrlKey ? { row: 0, column: -1 } : { row, column: -1 },
    End: event.ctrlKey ? { row: lastRow, column: lastColumn } : { row, column: lastColumn },
  };
  if (event.key === "Enter" && column >= 0) openAt(active);
  else if (steps[event.key]) move(steps[event.key]);
  else return;
  event.preventDefault();
});

body.addEventListener("click", (event) => {
  const cell = event.target.closest("td, th");
  if (!cell || cell.parentElement.dataset.row === undefined || event.target.closest("a")) return;
  active = placeOf(cell);
  openAt(active);
});

new IntersectionObserver((entries) => {
  if (entries.some((entry) => entry.isIntersecting)) more();
}, { root: scroll, rootMargin: "600px" }).observe(sentinel);
