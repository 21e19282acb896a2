// Scanning: a scanner types a serial and presses Enter; the field stays ready for the next one.
import { all, on, one, ready } from "./js/dom.js";

ready("[data-scan-list]", (form) => {
  const field = one("[data-scan-field]", form);
  const said = one("[data-scan-said]", form);
  const boxes = all("input[name=serial]", form);
  const extra = one("[data-scan-extra]", form);
  const tell = () => { one("[data-scan-count]", form).textContent = boxes.filter((box) => box.checked).length; };
  const tick = (serial) => {
    const box = boxes.find((candidate) => candidate.value.toUpperCase() === serial.toUpperCase());
    if (box) {
      box.checked = true;
      box.closest("li").classList.add("tk-scanned");
      box.scrollIntoView({ block: "nearest" });
    } else if (!extra.value.split(/\s+/).includes(serial)) extra.value = `${extra.value.trim()}\n${serial}`.trim();
    said.textContent = `${serial}: ${box ? said.dataset.ticked : said.dataset.extra}`;
    tell();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const serial = field.value.trim();
    if (serial) tick(serial);
    field.value = "";
  });
  form.addEventListener("change", tell);
  one("[data-scan-all]", form).addEventListener("click", () => { for (const box of boxes) box.checked = true; tell(); });
  field.focus();
});

// After a serial was written down the new field takes the focus: the next scan must not get lost.
on("htmx:afterSwap", "#count-body", () => one("[data-scan-form] input[name=serials]")?.focus());
