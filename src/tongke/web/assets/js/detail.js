// Pieces of detail pages: asking for masked data, long jobs, charts (whose library is fetched only where one is shown).
import { ask } from "./dialogs.js";
import { on, one, ready, token } from "./dom.js";
import { say } from "./toasts.js";

const SIGHT = 60000;
on("click", ".tk-reveal", async (_event, button) => {
  const field = button.closest("[data-reveal]");
  const value = one("[data-reveal-value]", field);
  if (field.classList.contains("tk-clear")) return;
  const answer = await ask(one("[data-confirm-dialog]").dataset.reveal, { reason: true, title: button.title });
  if (!answer) return;
  const body = new URLSearchParams({ purpose: answer.reason, kind: field.dataset.kind });
  const got = await fetch(field.dataset.reveal, { method: "POST", body, headers: { "X-CSRFToken": token(), "HX-Request": "true" } });
  if (!got.ok) {
    const parsed = new DOMParser().parseFromString(await got.text(), "text/html");
    const toasts = parsed.querySelectorAll("[data-toast]");
    if (toasts.length) one("#toasts").append(...toasts); else say(String(got.status));
    return;
  }
  const masked = value.textContent;
  value.textContent = (await got.text()).trim();
  field.classList.add("tk-clear");
  const hide = () => { value.textContent = masked; field.classList.remove("tk-clear"); };
  setTimeout(hide, SIGHT);
  addEventListener("pagehide", hide, { once: true });
});

ready("[data-progress]", (box) => {
  const bar = one("progress", box);
  const number = new Intl.NumberFormat("en");
  const step = async () => {
    if (!box.isConnected || box.dataset.state !== "running") return;
    const got = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } }).catch(() => null);
    if (got?.ok) {
      const now = await got.json();
      if (now.total) { bar.max = now.total; bar.value = now.done; } else if (now.state !== "running") { bar.max = 1; bar.value = 1; }
      one("[data-progress-count]", box).textContent = number.format(now.done) + (now.total ? ` / ${number.format(now.total)}` : "");
      if (now.text) one("[data-progress-text]", box).textContent = now.text;
      box.dataset.state = now.state;
      if (now.state !== "running") {
        box.dispatchEvent(new CustomEvent("tk:done", { bubbles: true, detail: now }));
        if (now.result) location.assign(now.result);
        return;
      }
    }
    setTimeout(step, document.hidden ? 5000 : 1000);
  };
  step();
});

// On a phone the row of sections is wider than the screen: it opens where one is.
ready(".tk-tabs", (tabs) => {
  const own = one("[aria-current]", tabs);
  if (own) tabs.scrollLeft += own.getBoundingClientRect().left - tabs.getBoundingClientRect().left - (tabs.clientWidth - own.offsetWidth) / 2;
});

ready("[data-chart]", async (figure) => {
  if (!one("[data-chart-canvas]", figure)) return;
  const { draw } = await import("./chart.js");
  draw(figure);
});
