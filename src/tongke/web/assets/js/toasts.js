// Messages at the corner: those of success leave by themselves, those of trouble stay until closed.
import { on, one, ready } from "./dom.js";

const LIFE = 6000;
ready("[data-toast]", (toast) => {
  if (toast.classList.contains("tk-toast-danger") || toast.dataset.timed) return;
  toast.dataset.timed = "1";
  let timer = setTimeout(() => toast.remove(), LIFE);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => { timer = setTimeout(() => toast.remove(), LIFE); });
});
on("click", "[data-toast-close]", (_event, button) => button.closest("[data-toast]").remove());

export const say = (text, kind = "danger") => {
  const toast = document.createElement("div");
  toast.className = `tk-toast tk-toast-${kind}`;
  toast.dataset.toast = "";
  const words = document.createElement("div");
  words.className = "tk-toast-text";
  words.textContent = text;
  toast.append(words);
  one("#toasts")?.append(toast);
};

// A refusal that answers an htmx request comes as ready toasts.
document.addEventListener("htmx:responseError", (event) => {
  const text = event.detail.xhr.responseText;
  const parsed = new DOMParser().parseFromString(text, "text/html");
  const toasts = parsed.querySelectorAll("[data-toast]");
  if (toasts.length) one("#toasts").append(...toasts);
  else say(`${event.detail.xhr.status} ${parsed.title || ""}`);
});
document.addEventListener("htmx:sendError", () => say(one("#toasts")?.dataset.unreachable ?? ""));
