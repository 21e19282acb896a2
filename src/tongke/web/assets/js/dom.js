// Words that the other modules share.
export const on = (type, selector, act, options) =>
  document.addEventListener(type, (event) => {
    const found = event.target instanceof Element ? event.target.closest(selector) : null;
    if (found) act(event, found);
  }, options);

export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// A year is as long as a browser keeps a cookie; only choices of looks go into one, never data.
export const keep = (name, value) => {
  document.cookie = `${name}=${encodeURIComponent(value)};path=/;max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
};

export const typing = (element) => element instanceof Element && (element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select") || element.isContentEditable);

// Calls act for every matching element now on the page and for those that htmx brings later.
export const ready = (selector, act) => {
  const run = (root) => {
    if (root instanceof Element && root.matches(selector)) act(root);
    for (const element of root.querySelectorAll(selector)) act(element);
  };
  run(document);
  document.addEventListener("htmx:load", (event) => run(event.detail.elt));
};

// The form token: the cookie's, or the page's where the browser was given none before.
export const token = () => document.cookie.match(/(?:^|; )tongke_csrf=([^;]+)/)?.[1] || document.body.dataset.csrf || "";
