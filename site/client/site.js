// The page works without this: it adds the search, the switch of the theme, the menu of narrow screens, and copying.
import MiniSearch from "minisearch";
import { OPTIONS } from "../search.mjs";

const root = document.documentElement;
const tools = document.getElementById("site-tools");

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// --- The theme ----------------------------------------------------------------------------------------------------------

const system = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";

function addSwitch() {
  const button = element("button", { type: "button", class: "theme" });
  const show = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", `${button.textContent} theme`);
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // It holds for this page, then.
    }
    show();
  });
  system.addEventListener("change", show);
  show();
  tools.append(button);
}

// --- The menu of narrow screens -------------------------------------------------------------------------------------------

function addMenu() {
  const button = element("button", { type: "button", class: "pages", "aria-expanded": "false", "aria-controls": "site-menu" }, "Menu");
  button.addEventListener("click", () => {
    const isOpen = root.classList.toggle("menu-open");
    button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) document.querySelector("#site-menu a").focus();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !root.classList.contains("menu-open")) return;
    button.click();
    button.focus();
  });
  tools.append(button);
}

// --- The search -----------------------------------------------------------------------------------------------------------

const MOST = 12;

/** The index is asked for when somebody is about to search, once. */
let coming;
const index = () => (coming ??= load());

async function load() {
  try {
    const response = await fetch(new URL(`${root.dataset.root}/search.json`, location.href));
    if (!response.ok) throw new Error(`the search's index answers ${response.status}`);
    const found = new MiniSearch(OPTIONS);
    found.addAll(await response.json());
    return found;
  } catch (error) {
    coming = undefined; // The next letter tries again.
    throw error;
  }
}

function addSearch() {
  const input = element("input", { type: "search", placeholder: "Search (press /)", "aria-label": "Search", autocomplete: "off", spellcheck: "false" });
  const said = element("p", { role: "status" });
  const list = element("ol");
  const panel = element("div", { class: "results", hidden: "" }, said, list);
  const form = element("form", { role: "search" }, input, panel);

  const close = () => (panel.hidden = true);
  async function show() {
    const words = input.value.trim();
    if (words === "") return close();
    try {
      const found = (await index()).search(words).slice(0, MOST);
      if (words !== input.value.trim()) return;
      list.replaceChildren(...found.map(itemOf));
      said.textContent = found.length === 0 ? "Nothing found" : `${found.length === MOST ? `The first ${MOST}` : found.length} found`;
    } catch {
      said.textContent = "The search could not be loaded";
      list.replaceChildren();
    }
    panel.hidden = false;
  }

  input.addEventListener("focus", () => void index().catch(() => {})); // What it fails with is told when it is asked.
  input.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("a")?.click();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
      input.focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || panel.hidden) return;
    event.preventDefault();
    const places = [input, ...list.querySelectorAll("a")];
    places[places.indexOf(document.activeElement) + step]?.focus();
  });
  form.addEventListener("focusout", ({ relatedTarget }) => form.contains(relatedTarget) || close());
  // A link to another place of this page leads away from the results.
  list.addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, textarea")) return;
    event.preventDefault();
    input.focus();
  });
  tools.append(form);
}

function itemOf({ id, title, heading, text, terms }) {
  const link = element("a", { href: `${root.dataset.root}/${id}` }, element("strong", {}, heading));
  if (heading !== title) link.append(element("span", {}, ` ${title}`));
  link.append(element("small", {}, around(text, terms)));
  return element("li", {}, link);
}

/** What stands about the first word that was found. */
function around(text, terms) {
  const at = Math.max(0, Math.min(...terms.map((term) => text.toLowerCase().indexOf(term)).filter((place) => place >= 0), text.length));
  const start = at === text.length ? 0 : Math.max(0, at - 40);
  return `${start > 0 ? "…" : ""}${text.slice(start, start + 120)}`;
}

// --- Copying --------------------------------------------------------------------------------------------------------------

function addCopying() {
  for (const figure of document.querySelectorAll("figure.code:not(.output)")) {
    const name = figure.querySelector("figcaption")?.textContent ?? "the code";
    const button = element("button", { type: "button", class: "copy", "aria-label": `Copy ${name}` }, "Copy");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(figure.querySelector("code").textContent);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Not allowed";
      }
      setTimeout(() => (button.textContent = "Copy"), 1_500);
    });
    figure.prepend(button);
  }
}

addMenu();
addSearch();
addSwitch();
if (navigator.clipboard) addCopying();
