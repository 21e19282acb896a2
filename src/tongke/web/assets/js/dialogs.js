// Native dialogs: help, and the question before a step that cannot be taken back, with a reason where one is asked.
import { on, one } from "./dom.js";

export const openDialog = (dialog) => { if (dialog && !dialog.open) dialog.showModal(); };
on("click", "[data-keys-open]", () => openDialog(one("[data-keys]")));
on("click", "[data-dialog-close]", (_event, button) => button.closest("dialog").close());
on("click", "[data-dialog-open]", (_event, button) => openDialog(document.getElementById(button.dataset.dialogOpen)));
document.addEventListener("click", (event) => { if (event.target instanceof HTMLDialogElement && event.target.open) event.target.close(); });

export const ask = (text, { reason = false, danger = false, title = "" } = {}) => new Promise((resolve) => {
  const dialog = one("[data-confirm-dialog]");
  const heading = one("[data-confirm-title]", dialog);
  heading.dataset.usual ??= heading.textContent;
  heading.textContent = title || heading.dataset.usual;
  one("[data-confirm-text]", dialog).textContent = text;
  const field = one("[data-confirm-reason]", dialog);
  const input = one("textarea", field);
  field.hidden = !reason;
  input.required = reason;
  input.value = "";
  one("[data-confirm-yes]", dialog).className = `btn ${danger ? "btn-danger" : "btn-primary"}`;
  dialog.returnValue = "no";
  dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? { reason: input.value.trim() } : null), { once: true });
  dialog.showModal();
  (reason ? input : one("[data-confirm-yes]", dialog)).focus();
});

// <button data-confirm="…"> asks first; data-confirm-reason="name" sends the reason under that name.
on("click", "[data-confirm]", async (event, button) => {
  if (button.dataset.confirmed) { delete button.dataset.confirmed; return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  const name = button.dataset.confirmReason;
  const answer = await ask(button.dataset.confirm, { reason: Boolean(name), danger: button.classList.contains("btn-danger"), title: button.dataset.confirmTitle || "" });
  if (!answer) return;
  if (name && button.form) {
    let field = button.form.elements.namedItem(name);
    if (!field) {
      field = Object.assign(document.createElement("input"), { type: "hidden", name });
      button.form.append(field);
    }
    field.value = answer.reason;
  }
  button.dataset.confirmed = "1";
  button.click();
}, true);

on("click", "[data-export-reason]", async (event, link) => {
  event.preventDefault();
  const answer = await ask(link.dataset.exportReason, { reason: true });
  if (answer) location.assign(`${link.href}&reason=${encodeURIComponent(answer.reason)}`);
});
