// A list of choices under an input: arrows move, Enter opens, the mouse may as well.
export class Choices {
  constructor(input, box) {
    this.input = input;
    this.box = box;
    this.at = -1;
    box.addEventListener("pointermove", (event) => {
      const option = event.target.closest("a[role=option]");
      if (option) this.select(this.options().indexOf(option));
    });
  }
  options() { return [...this.box.querySelectorAll("a[role=option]")]; }
  select(at) {
    const options = this.options();
    this.at = options.length ? (at + options.length) % options.length : -1;
    options.forEach((option, index) => {
      option.id ||= `${this.box.id}-${index}`;
      option.setAttribute("aria-selected", String(index === this.at));
    });
    const chosen = options[this.at];
    if (chosen) { this.input.setAttribute("aria-activedescendant", chosen.id); chosen.scrollIntoView({ block: "nearest" }); }
    else this.input.removeAttribute("aria-activedescendant");
  }
  clear() { this.at = -1; this.select(-1); this.at = -1; for (const option of this.options()) option.setAttribute("aria-selected", "false"); }
  chosen() { return this.options()[this.at] || null; }
  key(event) {
    if (event.key === "ArrowDown") { event.preventDefault(); this.select(this.at + 1); return true; }
    if (event.key === "ArrowUp") { event.preventDefault(); this.select(this.at < 0 ? -1 : this.at - 1); return true; }
    return false;
  }
}
