// The address field: suggestions while typing, arrows to choose, Enter to open the chosen one or to ask with the words.
import { one, ready } from "./js/dom.js";
import { Choices } from "./js/choose.js";

ready("[data-place-search]", (form) => {
  const input = one("input[name=q]", form);
  const box = one("[role=listbox]", form);
  const choices = new Choices(input, box);
  const show = (open) => { box.hidden = !open; input.setAttribute("aria-expanded", String(open)); };
  box.addEventListener("htmx:afterSwap", () => { choices.at = -1; show(box.childElementCount > 0 && input.value.trim() !== "" && document.activeElement === input); });
  input.addEventListener("input", () => { if (!input.value.trim()) show(false); });
  document.addEventListener("click", (event) => { if (!form.contains(event.target)) show(false); });
  form.addEventListener("focusout", (event) => { if (event.relatedTarget && !form.contains(event.relatedTarget)) show(false); });
  form.addEventListener("submit", () => show(false));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !box.hidden) { event.preventDefault(); show(false); return; }
    if (!box.hidden && choices.key(event)) return;
    const chosen = choices.chosen();
    if (event.key === "Enter" && !box.hidden && chosen) { event.preventDefault(); location.assign(chosen.href); }
  });
});
