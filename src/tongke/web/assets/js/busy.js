// A thin line at the top while a request takes longer than a blink; the form token goes with every request.
import { token } from "./dom.js";

let open = 0;
let bar = null;
let timer = 0;
const show = () => { bar ??= document.body.appendChild(Object.assign(document.createElement("div"), { className: "tk-busy" })); };
document.addEventListener("htmx:beforeRequest", () => { open += 1; clearTimeout(timer); timer = setTimeout(show, 180); });
document.addEventListener("htmx:afterRequest", () => {
  open = Math.max(0, open - 1);
  if (!open) { clearTimeout(timer); bar?.remove(); bar = null; }
});
document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = token(); });
