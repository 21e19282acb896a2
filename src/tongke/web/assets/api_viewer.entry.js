// Swagger UI in the house's look, language and session; the library is fetched only where an API is shown.
import { ready, token } from "./js/dom.js";

const isDark = () => {
  const chosen = document.documentElement.dataset.bsTheme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

const shade = () => document.documentElement.classList.toggle("dark-mode", isDark());

// The viewer speaks English only: whole texts that are known are exchanged, also those that come later.
const translate = (root, words) => {
  const exchange = (node) => {
    const said = node.nodeValue.trim();
    const ours = Object.hasOwn(words, said) ? words[said] : "";
    if (ours && ours !== said) node.nodeValue = node.nodeValue.replace(said, ours);
  };
  const walk = (top) => {
    if (top.nodeType === Node.TEXT_NODE) return exchange(top);
    const texts = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) if (!text.parentElement.closest("pre, code, textarea, .markdown, .renderedMarkdown")) exchange(text);
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") exchange(change.target);
      else change.addedNodes.forEach((node) => { if (node.nodeType === Node.TEXT_NODE || node.nodeType === Node.ELEMENT_NODE) walk(node); });
    }
  }).observe(root, { childList: true, subtree: true, characterData: true });
  walk(root);
};

ready("[data-api-viewer]", async (place) => {
  shade();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", shade);
  new MutationObserver(shade).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  const { default: SwaggerUI } = await import("swagger-ui-dist/swagger-ui-es-bundle.js");
  place.replaceChildren();
  translate(place, JSON.parse(place.dataset.words));
  SwaggerUI({
    domNode: place, url: place.dataset.apiViewer, deepLinking: true, docExpansion: "list", defaultModelsExpandDepth: 0, displayRequestDuration: true,
    filter: false, tryItOutEnabled: false, validatorUrl: null, persistAuthorization: false, syntaxHighlight: { activated: false },
    // Without a token the call is the signed-in person's own, and needs the page's form token.
    requestInterceptor: (request) => {
      if (!request.loadSpec && !request.headers.Authorization) request.headers["X-CSRFToken"] = token();
      return request;
    },
  });
});
