// The menu: folded on a desk, slid in on a phone; the theme at once, kept by the server.
import { all, keep, on, one } from "./dom.js";

const side = one("[data-side]");
const setOpen = (open) => {
  side?.classList.toggle("tk-open", open);
  one(".tk-shade")?.classList.toggle("tk-open", open);
  one("[data-side-open]")?.setAttribute("aria-expanded", String(open));
  if (open) one("a, button", side)?.focus();
};
on("click", "[data-side-open]", () => setOpen(true));
on("click", "[data-side-close]", () => setOpen(false));
on("click", "[data-side-fold]", (_event, button) => {
  const narrow = document.documentElement.classList.toggle("tk-side-narrow");
  button.setAttribute("aria-pressed", String(narrow));
  keep("tongke_side", narrow ? "narrow" : "wide");
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && side?.classList.contains("tk-open")) setOpen(false); });

on("click", "[data-theme-choice]", (event, button) => {
  event.preventDefault();
  const theme = button.dataset.themeChoice;
  if (theme === "auto") document.documentElement.removeAttribute("data-bs-theme");
  else document.documentElement.setAttribute("data-bs-theme", theme);
  for (const other of all("[data-theme-choice]")) other.toggleAttribute("aria-current", false);
  button.setAttribute("aria-current", "true");
  const body = new URLSearchParams(new FormData(button.form));
  body.set("theme", theme);
  fetch(button.form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, redirect: "manual" });
  document.dispatchEvent(new CustomEvent("tk:theme"));
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new CustomEvent("tk:theme")));
on("click", "[data-back]", () => history.back());
on("click", "[data-print]", () => print());
