// The bell: live through the streams process; where that is away, asked every half minute.
import { one } from "./dom.js";

// Menus whose contents are fetched when they are opened.
document.addEventListener("show.bs.dropdown", (event) => {
  const menu = event.target.closest("[data-fetched]")?.querySelector(".dropdown-menu");
  if (menu) menu.dispatchEvent(new CustomEvent("tk:open"));
});

const tray = one("[data-tray]");
if (tray) {
  const list = one("[data-tray-list]", tray);
  const badge = one("[data-tray-count]", tray);
  const count = (n) => { badge.hidden = !n; badge.textContent = n > 99 ? "99+" : String(n); };
  const ask = async () => {
    if (document.hidden) return;
    const answer = await fetch("/notifications/count", { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok && answer.headers.get("Content-Type")?.includes("json")) count((await answer.json()).unread);
  };
  const poll = () => { setInterval(ask, 30000); };
  ask();
  list.addEventListener("htmx:afterSwap", ask);
  let faults = 0;
  const source = new EventSource(tray.dataset.stream, { withCredentials: true });
  source.addEventListener("open", () => { faults = 0; });
  source.addEventListener("notification", ask);
  source.addEventListener("message", ask);
  source.addEventListener("error", () => {
    faults += 1;
    if (faults >= 3 || source.readyState === EventSource.CLOSED) { source.close(); poll(); }
  });
  addEventListener("pagehide", () => source.close());
}
