// Keys that work everywhere, never while somebody types.
import { openDialog } from "./dialogs.js";
import { one, typing } from "./dom.js";

let went = 0;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || one("dialog[open]")) return;
  if (event.key === "/") { const box = one("#search-box"); if (!box) return; event.preventDefault(); box.focus(); box.select(); }
  else if (event.key === "?") { event.preventDefault(); openDialog(one("[data-keys]")); }
  else if (event.key === "n") { event.preventDefault(); one("[data-tray] button")?.click(); }
  else if (event.key === "g") went = Date.now();
  else if (event.key === "h" && Date.now() - went < 1200) { event.preventDefault(); location.assign("/"); }
});
