// Forms: warn before leaving with unsaved input, Ctrl+Enter sends, never twice; files by dropping.
import { ask } from "./dialogs.js";
import { all, on, one, ready, token } from "./dom.js";

// A page that stood open for longer is asked before it sends whether its session still runs: the sign-in page would take what was typed.
const OLD_MS = 240_000;
const sessionIsOver = async () => {
  try { return (await fetch("/person", { headers: { Accept: "application/json" } })).status === 401; } catch { return false; }
};

const state = (form) => new URLSearchParams([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken").map(([name, value]) => [name, value instanceof File ? value.name : value])).toString();
const unsaved = () => all("[data-form]").find((form) => form.dataset.was !== undefined && !form.dataset.sent && form.dataset.was !== state(form));

ready("[data-form]", (form) => {
  // What came back with an error was never saved: it still counts as unsaved.
  form.dataset.was = one("[data-form-summary]", form) ? "?" : state(form);
  const trouble = one("[data-form-summary]", form);
  if (trouble) trouble.focus();
  else one("input:not([type=hidden]):not([type=file]), select, textarea", form)?.focus({ preventScroll: true });
  for (const field of all("[data-field]", form)) {
    const error = one(".tk-field-error", field);
    const input = one("input, select, textarea", field);
    if (error && input) { input.setAttribute("aria-invalid", "true"); input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), error.id].filter(Boolean).join(" ")); }
  }
});
const sendWhileSignedIn = async (form, button) => {
  form.dataset.sent = "1";  // nothing goes twice while it is asked
  const over = await sessionIsOver();
  delete form.dataset.sent;
  if (over) {
    if (await ask(form.dataset.ended)) open("/sign-in");
    return;
  }
  form.dataset.seen = performance.now();
  one("[name=csrfmiddlewaretoken]", form).value = token();
  form.requestSubmit(button || undefined);
};
on("submit", "[data-form]", (event, form) => {
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.dataset.ended && performance.now() - Number(form.dataset.seen || 0) > OLD_MS) {
    event.preventDefault();
    void sendWhileSignedIn(form, event.submitter);
    return;
  }
  form.dataset.sent = "1";
  for (const button of all('button[type="submit"], button:not([type])', form)) button.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => { for (const form of all("[data-form]")) delete form.dataset.sent; });
addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });
on("click", "[data-leave-free]", (_event, link) => { const form = link.closest("[data-form]"); if (form) form.dataset.sent = "1"; });
on("click", "[data-to-field]", (event, link) => {
  const field = document.querySelector(`[data-field="${CSS.escape(link.dataset.toField)}"]`);
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: "center" });
  one("input, select, textarea", field)?.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[data-form]") || one("form[data-form]");
  if (form) { event.preventDefault(); form.requestSubmit(one('button[type="submit"]', form) || undefined); }
});

const named = (zone, input) => { one("[data-drop-name]", zone).textContent = [...input.files].map((file) => `${file.name} · ${(file.size / 1048576).toFixed(1)} MB`).join(", "); };
on("change", "[data-drop-zone] input[type=file]", (_event, input) => named(input.closest("[data-drop-zone]"), input));
for (const type of ["dragover", "dragleave", "drop"]) {
  on(type, "[data-drop-zone]", (event, zone) => {
    event.preventDefault();
    zone.classList.toggle("tk-over", type === "dragover");
    if (type !== "drop" || !event.dataTransfer.files.length) return;
    const input = one("input[type=file]", zone);
    input.files = event.dataTransfer.files;
    named(zone, input);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
