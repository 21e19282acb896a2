// The comparison by keyboard, and trees drawn.
import { all, on, one, ready, typing } from "./js/dom.js";

// Choosing the survivor takes its values, except where the other side alone has one.
on("change", "[data-match] input[name=survivor]", (_event, input) => {
  for (const row of all("[data-match] [role=radiogroup]")) {
    const mine = one(`input[value=${input.value}]`, row);
    if (mine && mine.closest("label").textContent.trim() !== "–") mine.checked = true;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || one("dialog[open]")) return;
  const form = one("[data-match]");
  if (!form) return;
  if (event.key === "1" || event.key === "2") {
    const head = all("input[name=survivor]", form)[Number(event.key) - 1];
    head.checked = true;
    head.focus();
    head.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (event.key === "d") one("[data-match-distinct]", form)?.focus();
  else if (event.key === "j") one("[data-match-next]")?.click();
  else if (event.key === "k") one("[data-match-previous]")?.click();
  else if (event.key === "r") { event.preventDefault(); one("#id_reason", form)?.focus(); }
});

ready("[data-tree]", async (canvas) => {
  const [{ TreeChart }, { init, use }, { SVGRenderer }] = await Promise.all([
    import("echarts/charts"), import("echarts/core"), import("echarts/renderers"),
  ]);
  use([TreeChart, SVGRenderer]);
  const data = JSON.parse(one("[data-tree-data]", canvas.parentElement).textContent);
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const colour = (name) => { probe.style.setProperty("color", `var(${name})`); return getComputedStyle(probe).color; };
  const paint = (node) => ({
    ...node, value: node.below, itemStyle: { color: node.me ? colour("--tk-blue") : colour("--tk-surface-3"), borderColor: colour("--tk-blue") },
    label: { color: node.me ? colour("--tk-strong") : colour("--tk-text"), fontWeight: node.me ? 600 : 400 }, children: node.children.map(paint),
  });
  const width = (node) => (node.children.length ? node.children.reduce((sum, child) => sum + width(child), 0) : 1);
  canvas.style.height = `${Math.min(640, Math.max(120, width(data) * 34 + 40))}px`;
  const chart = init(canvas, null, { renderer: "svg" });
  const draw = () => chart.setOption({
    series: [{
      type: "tree", data: [paint(data)], left: 16, right: Math.min(150, canvas.clientWidth * 0.42), top: 24, bottom: 12, symbolSize: 11, roam: false, expandAndCollapse: false, initialTreeDepth: -1,
      lineStyle: { color: colour("--tk-line-strong"), width: 1.25 }, animation: !matchMedia("(prefers-reduced-motion: reduce)").matches, animationDuration: 300,
      label: { position: "top", align: "left", distance: 5, fontSize: 12, fontFamily: getComputedStyle(document.body).fontFamily, width: 180, overflow: "truncate" },
      leaves: { label: { position: "right", align: "left", distance: 7, width: Math.min(140, canvas.clientWidth * 0.38) } },
    }],
  }, true);
  draw();
  chart.on("click", (event) => { if (event.data.link) location.assign(event.data.link); });
  new ResizeObserver(() => chart.resize()).observe(canvas);
  document.addEventListener("tk:theme", draw);
});
