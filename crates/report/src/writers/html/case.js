// The page of a case: the input, what each specification expects and why, and the answers.
const article = document.getElementById("case");

function text(places) {
  return places.map((place) => data.lines[place]).join("\n");
}

function block(places) {
  return make("pre", {}, text(places));
}

function letters(target, index) {
  const marks = data.profiles.map((profile, nth) => {
    if (!data.targets[target].letters[nth]) return "";
    const { letter, name, class: kind } = verdictOf(target, nth, index);
    return make("b", { className: kind, title: `${name} under ${profile}` }, letter);
  });
  return make("span", { className: "letters" }, ...marks);
}

function expectation(one, nth) {
  const profile = data.profiles[nth];
  const wants = one.want[nth].length ? block(one.want[nth]) : make("p", { className: "faint" }, "Says nothing about this.");
  const cited = one.cited[nth].map((place) => data.lines[place]);
  const places = cited.map((line) => make("p", { className: line.startsWith(" ") ? "clause" : "place" }, line.trim()));
  return make("section", {}, make("h3", {}, `${profile} expects`), wants, ...places);
}

function answer(group, index, chosen) {
  const one = data.cases[index];
  const names = group.by.map((target) => {
    const { label } = data.targets[target];
    const current = target === chosen ? { "aria-current": "true" } : {};
    return make("a", { href: linkTo({ case: one.id, target: label }), className: "chip", ...current }, letters(target, index), ` ${label}`);
  });
  // What several profiles have in common stands there once.
  const reasons = new Map();
  group.missed.forEach((places, nth) => {
    if (places.length) reasons.set(text(places), [...reasons.get(text(places)) ?? [], data.profiles[nth]]);
  });
  const missed = [...reasons].map(([reason, profiles]) => make("p", { className: "missed" }, make("b", {}, `${profiles.join(", ")}: `), reason));
  const exchanged = Object.entries(group.exchanges ?? {}).map(([target, places]) =>
    make("details", {}, make("summary", {}, `Requests and responses, ${data.targets[target].label}`), block(places)));
  return make("section", { className: "answer" }, make("div", { className: "chips" }, ...names), block(group.answer), ...missed, ...exchanged);
}

/** Answers that fail come first, those that say nothing last. */
function rank(group, index) {
  const found = group.by.flatMap((target) => data.profiles.flatMap((_, nth) => data.targets[target].letters[nth] ? [verdictOf(target, nth, index)] : []));
  if (found.some(({ fails }) => fails)) return 0;
  return found.some(({ class: kind }) => kind === "weak") ? 1 : found.some(({ class: kind }) => kind === "good") ? 2 : 3;
}

/** The first request by hand, at origins that `cookiespec origins` prints the certificate of. */
function byHand(one) {
  const commands = `cookiespec origins --port 8377\nCA=…  # the certificate that it names\n${one.by_hand}`;
  return make("section", {}, make("h3", {}, "The first request, by hand"), make("pre", {}, commands));
}

function again(one, chosen) {
  const { label, name, selector, letters: judged } = data.targets[chosen];
  const profiles = data.profiles.filter((_, nth) => judged[nth]);
  const commands = profiles.map((profile) => `cookiespec run --profile ${profile} --only ${one.id} ${selector}`);
  if (selector === name) commands.push(`cookiespec explain ${one.id} --target ${name}`);
  return make("section", {}, make("h3", {}, `Again, with ${label}`), make("pre", {}, commands.join("\n")));
}

/** The target in the address, or the first that fails, or the first. */
function chosenTarget(index) {
  const named = data.targets.findIndex((target) => target.label === address().get("target"));
  if (named >= 0) return named;
  const profile = profileIndex();
  const failing = shownTargets().find((target) => verdictOf(target, profile, index).fails);
  return failing ?? 0;
}

function neighbours(index) {
  const place = shown.chosen.indexOf(index);
  const link = (nth, words) => {
    const other = data.cases[shown.chosen[nth]];
    return other ? make("a", { href: linkTo({ case: other.id }) }, words) : "";
  };
  const back = make("a", { href: linkTo({ case: "", target: filter.elements.target.value }), className: "back" }, "← all cases");
  const beside = place < 0 ? [] : [link(place - 1, "previous"), link(place + 1, "next")];
  return make("nav", { "aria-label": "Other cases" }, back, ...beside);
}

/** Shows the case with this id. */
function showCase(id) {
  const index = byId.get(id);
  if (index === undefined) {
    article.replaceChildren(neighbours(-1), make("h2", { id: "case-title", tabIndex: -1 }, "There is no such case in this report"), make("p", {}, id));
    return;
  }
  const one = data.cases[index];
  const chosen = chosenTarget(index);
  const facts = [`revision ${one.rev}`, `severity ${one.severity}`];
  if (one.tags.length) facts.push(`tags ${one.tags.join(" ")}`);
  if (one.needs.length) facts.push(`needs ${one.needs.join(" ")}`);
  article.replaceChildren(
    neighbours(index),
    make("h2", { id: "case-title", tabIndex: -1 }, make("span", { className: "id" }, one.id), ` ${one.title}`),
    make("p", { className: "faint" }, facts.join(", ")),
    ...(one.why ? [make("p", {}, one.why)] : []),
    make("h3", {}, "Input"),
    block(one.input),
    make("div", { className: "beside" }, ...data.profiles.map((_, nth) => expectation(one, nth))),
    ...(data.targets.length ? [again(one, chosen)] : []),
    ...(one.by_hand ? [byHand(one)] : []),
    make("h3", {}, "Answers"),
    ...[...one.answers].sort((a, b) => rank(a, index) - rank(b, index)).map((group) => answer(group, index, chosen)),
  );
}
