// The command palette: pages and actions known at once, customers from the search while typing.
import { on, one } from "./dom.js";
import { Choices } from "./choose.js";

const dialog = one("[data-palette]");
if (dialog) {
  const input = one("input", dialog);
  const box = one(".tk-palette-found", dialog);
  const choices = new Choices(input, box);
  let known = null;
  let running = null;

  const line = (item) => {
    const link = Object.assign(document.createElement("a"), { className: "tk-found", href: item.address });
    link.setAttribute("role", "option");
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "tk-icon");
    svg.setAttribute("aria-hidden", "true");
    svg.append(document.createElementNS("http://www.w3.org/2000/svg", "use"));
    svg.firstChild.setAttribute("href", `${known.icons}#${item.icon}`);
    const main = Object.assign(document.createElement("span"), { className: "tk-found-main", textContent: item.label });
    const quiet = Object.assign(document.createElement("span"), { className: "tk-found-quiet", textContent: item.hint || "" });
    link.append(svg, main, quiet);
    return link;
  };
  const heading = (text) => Object.assign(document.createElement("div"), { className: "tk-found-group", textContent: text });

  const show = () => {
    const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    box.replaceChildren();
    for (const group of known.groups) {
      const fitting = group.items.filter((item) => words.every((word) => `${item.label} ${item.hint || ""} ${item.words || ""}`.toLowerCase().includes(word)));
      if (fitting.length) box.append(heading(group.label), ...fitting.map(line));
    }
    if (!box.childElementCount) box.append(Object.assign(document.createElement("p"), { className: "tk-found-none", textContent: box.dataset.none }));
    choices.select(0);
    find(input.value.trim());
  };

  const find = async (text) => {
    running?.abort();
    if (!known.search || text.length < 2) return;
    running = new AbortController();
    const { signal } = running;
    try {
      await new Promise((resolve, reject) => { setTimeout(resolve, 160); signal.addEventListener("abort", () => reject(new DOMException("", "AbortError"))); });
      const answer = await fetch(known.search, { method: "POST", body: new URLSearchParams({ q: text }), headers: { "HX-Request": "true" }, signal });
      if (!answer.ok) return;
      const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = [...parsed.querySelectorAll("a[role=option]")];
      for (const option of found) option.removeAttribute("id");
      if (found.length) {
        box.querySelector(".tk-found-none")?.remove();
        box.append(heading(box.dataset.customers), ...found);
        if (choices.at < 0) choices.select(0);
      }
    } catch (fault) {
      if (fault.name !== "AbortError") throw fault;
    }
  };

  const open = async () => {
    if (!dialog.open) dialog.showModal();
    input.value = "";
    input.focus();
    known ??= await (await fetch(dialog.dataset.source, { headers: { Accept: "application/json" } })).json();
    show();
  };
  input.addEventListener("input", () => known && show());
  input.addEventListener("keydown", (event) => {
    if (choices.key(event) || event.key !== "Enter") return;
    event.preventDefault();
    const chosen = choices.chosen();
    if (chosen) location.assign(chosen.href);
    else if (known?.search && input.value.trim()) {
      // The header's box posts the words: what is searched for stands in no address.
      const box = one("[data-search]");
      one("input", box).value = input.value;
      box.requestSubmit();
    }
  });
  on("click", "[data-palette-open]", open);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
  });
}
