// The number desk by keyboard: S for the pattern, arrows through what was found, H to hold; how long a hold lasts yet.
import { all, on, one, ready, typing } from "./js/dom.js";

const rows = () => all(".tk-pick tbody tr");
const step = (by) => {
  const list = rows();
  if (!list.length) return;
  const at = list.indexOf(document.activeElement?.closest?.("tr"));
  const next = list[at < 0 ? 0 : Math.min(list.length - 1, Math.max(0, at + by))];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
};

document.addEventListener("keydown", (event) => {
  if (!one("[data-find]") || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
  const pattern = event.target === one("[data-number-q]");
  if (event.key === "ArrowDown" && (pattern || !typing(event.target))) step(1);
  else if (typing(event.target)) return;
  else if (event.key === "ArrowUp") { if (rows().indexOf(document.activeElement?.closest?.("tr")) === 0) one("[data-number-q]").focus(); else step(-1); }
  else if (event.key === "s") { const box = one("[data-number-q]"); box.focus(); box.select(); }
  else if (event.key === "h") { const form = one("form[data-hold]", document.activeElement?.closest?.("tr") || document.createElement("i")); if (!form) return; form.requestSubmit(); }
  else return;
  event.preventDefault();
});
on("click", "[data-find-again]", () => one("[data-find]")?.requestSubmit());
// The row that was held is swapped: the keyboard goes on from it.
document.addEventListener("htmx:afterSwap", () => { const held = all("tr[data-number-held]").at(-1); if (held && document.activeElement === document.body) held.focus({ preventScroll: true }); });
on("change", "[data-auto-submit] select, [data-auto-submit] input", (_event, field) => field.form.requestSubmit());

const left = (element) => {
  const seconds = Math.floor((new Date(element.dataset.until) - Date.now()) / 1000);
  if (seconds <= 0) { element.classList.replace("tk-tone-warn", "tk-tone-bad"); element.textContent = "0:00"; return false; }
  const minutes = Math.floor(seconds / 60);
  element.textContent = minutes >= 60 ? `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}` : `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
  return true;
};
ready("[data-until]", (element) => {
  if (!left(element)) return;
  const clock = setInterval(() => { if (!element.isConnected || !left(element)) clearInterval(clock); }, 1000);
});
