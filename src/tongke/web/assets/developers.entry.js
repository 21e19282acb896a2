// The list of Open APIs, made of what they tell of themselves.
import { ready } from "./js/dom.js";

const made = (name, words, ...inside) => {
  const element = document.createElement(name);
  if (words) element.className = words;
  element.append(...inside);
  return element;
};

const card = (api, words) => {
  const link = made("a", "", api.title);
  link.href = `/developers/apis/${api.root.split("/").slice(-2).map(encodeURIComponent).join("/")}`;
  const about = made("p", "text-secondary", api.about);
  about.lang = "en";
  const resources = api.resources.map((one) => made("li", "", made("code", "", one.name),
    made("span", "", `${words.operations} ${one.operations.length} · ${words.events} ${one.events.length}`)));
  return made("article", "card tk-dev-api", made("span", "tk-dev-number", `TMF${api.number} ${api.version}`), made("h2", "", link), about,
    made("ul", "", ...resources));
};

ready("[data-apis]", async (place) => {
  const words = JSON.parse(place.dataset.words);
  try {
    const answer = await fetch(place.dataset.apis, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const apis = await answer.json();
    place.replaceChildren(made("div", "tk-dev-apis", ...apis.map((api) => card(api, words))));
  } catch {
    place.replaceChildren(made("p", "text-danger", words.failed));
  }
});
