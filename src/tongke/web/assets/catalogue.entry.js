// Forms with rows: rows are added, moved and taken away; fields that depend on a choice come and go with it.
import { all, on, one, ready } from "./js/dom.js";

const count = (box) => one("input[name$='-TOTAL_FORMS']", box);
const shown = (box) => all("[data-row-form]", one("[data-rows-list]", box)).filter((row) => !row.hidden);

// The server reads rows by their number: after a move the numbers follow the order on the page.
const renumber = (box) => {
  const prefix = box.dataset.rowsForm;
  const rows = all("[data-row-form]", one("[data-rows-list]", box));
  const pattern = new RegExp(`^(id_)?${prefix}-(\\d+|__prefix__)-`);
  rows.forEach((row, at) => {
    for (const element of [row, ...all("*", row)]) {
      for (const name of ["name", "id", "for", "data-field", "data-only", "aria-describedby", "aria-labelledby"]) {
        const value = element.getAttribute?.(name);
        if (value && pattern.test(value)) element.setAttribute(name, value.replace(pattern, (_all, id) => `${id || ""}${prefix}-${at}-`));
      }
    }
  });
  count(box).value = rows.length;
  one("input[name$='-INITIAL_FORMS']", box).value = 0;
  shown(box).forEach((row, at) => { one("[data-row-name]", row).textContent = `${box.dataset.rowWords} ${at + 1}`; });
  one("[data-rows-none]", box).hidden = shown(box).length > 0;
};

const depends = (root) => {
  for (const field of all("[data-only]", root)) {
    const scope = field.closest("form");
    const chosen = scope?.elements[field.dataset.only];
    const value = chosen instanceof RadioNodeList ? chosen.value : chosen?.type === "checkbox" ? String(chosen.checked) : chosen?.value;
    field.hidden = value !== undefined && !field.dataset.onlyValues.split(" ").includes(value);
  }
  for (const section of all(".tk-form-section", root)) section.hidden = all(".tk-field", section).length > 0 && all(".tk-field:not([hidden])", section).length === 0;
};

ready("[data-rows-form]", (box) => {
  box.classList.add("tk-rows-live");
  depends(box.closest("form"));
});
ready("form:has([data-only])", (form) => depends(form));
on("change", "select, input", (_event, input) => { const form = input.closest("form"); if (form && one("[data-only]", form)) depends(form); });
on("click", "[data-row-add]", (_event, button) => {
  const box = button.closest("[data-rows-form]");
  const row = one("[data-row-template]", box).content.firstElementChild.cloneNode(true);
  one("[data-rows-list]", box).append(row);
  renumber(box);
  depends(box.closest("form"));
  one("input:not([type=hidden]), select, textarea", row)?.focus();
});
on("click", "[data-row-away]", (_event, button) => {
  const box = button.closest("[data-rows-form]");
  const row = button.closest("[data-row-form]");
  const next = row.nextElementSibling || row.previousElementSibling;
  row.remove();
  renumber(box);
  (next ? one("[data-row-away]", next) : one("[data-row-add]", box))?.focus();
});
for (const [name, move] of [["up", (row) => row.previousElementSibling?.before(row)], ["down", (row) => row.nextElementSibling?.after(row)]]) {
  on("click", `[data-row-${name}]`, (_event, button) => {
    const row = button.closest("[data-row-form]");
    move(row);
    renumber(button.closest("[data-rows-form]"));
    button.focus();
  });
}
// On a narrow screen the offers come first: the categories wait folded.
if (matchMedia("(max-width: 1000px)").matches) ready("[data-cats]", (box) => { if (!one("[aria-current]:not(.tk-cat-all)", box)) box.open = false; });
