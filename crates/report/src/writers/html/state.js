// What is shown is written in the address: filters, the case, the target. So every view is a link.
const data = JSON.parse(document.getElementById("data").textContent);
const verdicts = new Map(data.verdicts.map((verdict) => [verdict.letter, verdict]));
const byId = new Map(data.cases.map((one, index) => [one.id, index]));
const filter = document.getElementById("filter");
const filterNames = ["profile", "verdict", "target", "area", "section", "order", "text"];

/** A new element with properties and children; strings become text, never markup. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function address() {
  return new URLSearchParams(location.hash.slice(1));
}

/** The address with some members changed; an empty one goes. */
function linkTo(changes) {
  const parameters = address();
  for (const [name, value] of Object.entries(changes)) {
    if (value) parameters.set(name, value);
    else parameters.delete(name);
  }
  return `#${parameters}`;
}

/** The place of the chosen profile: the one in the address, or the newest. */
function profileIndex() {
  const chosen = data.profiles.indexOf(filter.elements.profile.value);
  return chosen < 0 ? data.profiles.length - 1 : chosen;
}

/** The targets that were judged under the chosen profile, by their places. */
function shownTargets() {
  const profile = profileIndex();
  return [...data.targets.keys()].filter((index) => data.targets[index].letters[profile]);
}

function verdictOf(target, profile, index) {
  return verdicts.get(data.targets[target].letters[profile][index]);
}

/** Every word of a case, for the text filter; made when it is first needed. */
const words = new Map();
function wordsOf(index) {
  if (!words.has(index)) {
    const one = data.cases[index];
    const places = [one.input, ...one.want, ...one.cited, ...one.answers.map((group) => group.answer)].flat();
    const texts = [one.id, one.title, one.why, ...one.tags, ...places.map((place) => data.lines[place])];
    words.set(index, texts.join("\n").toLowerCase());
  }
  return words.get(index);
}

/** How well a case tells targets apart: highest where half of them meet it and half do not. */
function telling(index, targets, profile) {
  let met = 0, missed = 0;
  for (const target of targets) {
    const { class: kind, fails } = verdictOf(target, profile, index);
    met += kind === "good";
    missed += fails || kind === "weak";
  }
  return met * missed;
}

/** The cases that pass the filter, in the order they are shown, and how many of them tell. */
function chosenCases() {
  const { verdict, target, area, section, order, text } = Object.fromEntries(filterNames.map((name) => [name, filter.elements[name].value]));
  const profile = profileIndex();
  const targets = shownTargets();
  const asked = target ? targets.filter((index) => data.targets[index].label === target) : targets;
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (index) => {
    const one = data.cases[index];
    return (!area || one.area === area)
      && (!section || one.sections[profile].some((it) => it === section || it.startsWith(`${section}.`)))
      && (!verdict || asked.some((it) => {
        const found = verdictOf(it, profile, index);
        return verdict === "failure" ? found.fails : found.name === verdict;
      }))
      && wanted.every((word) => wordsOf(index).includes(word));
  };
  const chosen = [...data.cases.keys()].filter(fits);
  if (order === "id") return { chosen, telling: 0 };
  const scores = new Map(chosen.map((index) => [index, telling(index, targets, profile)]));
  chosen.sort((a, b) => scores.get(b) - scores.get(a) || a - b);
  return { chosen, telling: chosen.filter((index) => scores.get(index) > 0).length };
}
