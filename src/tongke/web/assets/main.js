// The browser's side of the kit: small modules that find their work by data attributes. Nothing is stored but choices.
import htmx from "htmx.org";
import "@tabler/core/dist/js/tabler.esm.js";
import "./js/busy.js";
import "./js/toasts.js";
import "./js/frame.js";
import "./js/dialogs.js";
import "./js/search.js";
import "./js/palette.js";
import "./js/list.js";
import "./js/forms.js";
import "./js/keys.js";
import "./js/tray.js";
import "./js/detail.js";

window.htmx = htmx;
