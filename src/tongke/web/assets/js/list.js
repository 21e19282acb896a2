// List pages: marking rows, the bulk bar, the column chooser, moving by keyboard.
import { all, keep, on, one, ready, typing } from "./dom.js";

const boxes = (form) => all('input[name="row"]', form);
const refresh = (form) => {
  const marked = boxes(form).filter((box) => box.checked);
  for (const box of boxes(form)) box.closest("tr").classList.toggle("tk-marked", box.checked);
  const bar = one("[data-bulk]", form);
  if (!bar) return;
  bar.hidden = marked.length === 0;
  one("[data-bulk-count]", bar).textContent = String(marked.length);
  const every = one("[data-mark-all]", form);
  if (every) { every.checked = marked.length > 0 && marked.length === boxes(form).length; every.indeterminate = marked.length > 0 && !every.checked; }
};
on("change", "[data-mark-all]", (_event, every) => { const form = every.closest("[data-rows]"); for (const box of boxes(form)) box.checked = every.checked; refresh(form); });
let last = null;
on("click", 'input[name="row"]', (event, box) => {
  const form = box.closest("[data-rows]");
  if (event.shiftKey && last && form.contains(last)) {
    const list = boxes(form);
    const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
    for (const between of list.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
  refresh(form);
});
on("click", "[data-bulk-none]", (_event, button) => { const form = button.closest("[data-rows]"); for (const box of boxes(form)) box.checked = false; refresh(form); });
on("click", "tr[data-row]", (event, row) => {
  if (event.target.closest("a, button, input, label, td.tk-mark") || getSelection()?.toString()) return;
  if (row.dataset.row && event.detail === 2) location.assign(row.dataset.row);
});
on("change", "[data-columns] input", (_event, input) => {
  const menu = input.closest("[data-columns]");
  keep(menu.dataset.columns, all("input:checked", menu).map((box) => box.value).join("."));
  const list = input.closest("#list");
  window.htmx.ajax("GET", location.href, { target: list, swap: "innerHTML" });
});
// Empty fields do not belong into an address.
ready("[data-filters]", (form) => {
  form.addEventListener("htmx:configRequest", (event) => {
    if (event.target !== form) return;
    for (const [name, value] of [...event.detail.formData.entries()]) if (value === "") event.detail.formData.delete(name);
  });
});

const rows = () => all("tr[data-row]").filter((row) => row.offsetParent !== null);
const focused = () => document.activeElement?.closest?.("tr[data-row]") || null;
const step = (by) => {
  const list = rows();
  if (!list.length) return;
  const at = list.indexOf(focused());
  const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + by))];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || one("dialog[open]")) return;
  const row = focused();
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "Enter" && row && event.target === row && row.dataset.row) location.assign(row.dataset.row);
  else if (event.key === "x" && row) one('input[name="row"]', row)?.click();
  else if (event.key === "f") one("[data-filters-open]")?.click();
  else if (event.key === "]") one('.tk-pager [rel="next"]')?.click();
  else if (event.key === "[") one('.tk-pager [rel="prev"]')?.click();
  else return;
  event.preventDefault();
});
