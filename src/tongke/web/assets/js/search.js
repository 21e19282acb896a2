// The search box: suggestions while typing, arrows to choose, Enter to open or to search everywhere.
import { one } from "./dom.js";
import { Choices } from "./choose.js";

const form = one("[data-search]");
if (form) {
  const input = one("input", form);
  const box = one("#search-found");
  const choices = new Choices(input, box);
  const show = (open) => { box.hidden = !open; input.setAttribute("aria-expanded", String(open)); };
  box.addEventListener("htmx:afterSwap", () => { choices.at = -1; show(box.childElementCount > 0 && input.value.trim() !== ""); });
  input.addEventListener("htmx:beforeRequest", () => { input.dataset.asked = input.value; });
  input.addEventListener("input", () => { if (!input.value.trim()) show(false); });
  input.addEventListener("focus", () => { if (box.childElementCount && input.value.trim()) show(true); });
  document.addEventListener("click", (event) => { if (!form.contains(event.target)) show(false); });
  form.addEventListener("focusout", (event) => { if (event.relatedTarget && !form.contains(event.relatedTarget)) show(false); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { if (!box.hidden) { event.preventDefault(); show(false); } else input.blur(); return; }
    if (!box.hidden && choices.key(event)) return;
    // One answer to just these words is the answer: a clerk who typed a number need not look twice.
    const only = choices.options().length === 1 && input.dataset.asked === input.value && !input.classList.contains("htmx-request");
    const chosen = choices.chosen() || (only ? choices.options()[0] : null);
    if (event.key === "Enter" && !box.hidden && chosen) { event.preventDefault(); location.assign(chosen.href); }
  });
}
