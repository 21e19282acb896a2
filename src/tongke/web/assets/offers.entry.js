// On a narrow screen the price stands above the list: it is brought into sight once it was fetched.
import { on } from "./js/dom.js";

const narrow = matchMedia("(max-width: 1100px)");
on("htmx:afterSwap", "#offer-side", (event, side) => {
  side.scrollTop = 0;
  if (event.target === side && narrow.matches) side.scrollIntoView({ block: "start" });
});
