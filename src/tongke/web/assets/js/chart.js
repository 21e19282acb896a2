// Charts by ECharts, in the page's own colours; a click leads to the rows behind the mark.
import { BarChart, FunnelChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { one } from "./dom.js";

use([BarChart, LineChart, PieChart, FunnelChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, CanvasRenderer]);
const drawn = new Map();

// light-dark() must be resolved by the browser itself: a canvas knows no custom properties.
const probe = document.createElement("span");
probe.hidden = true;
const colour = (name) => {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.setProperty("color", `var(${name})`);
  return getComputedStyle(probe).color;
};
const series = () => getComputedStyle(document.documentElement).getPropertyValue("--tk-series").trim().split(/\s+/);
const still = matchMedia("(prefers-reduced-motion: reduce)");

const escaped = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const options = (data, wide) => {
  const quiet = colour("--tk-quiet");
  const line = colour("--tk-line");
  const text = { color: quiet, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
  const format = (value) => (value === null || value === undefined ? "–" : `${Number(value).toLocaleString("en", { maximumFractionDigits: data.digits })}${data.unit ? ` ${data.unit}` : ""}`);
  const base = {
    animation: !still.matches,
    animationDuration: 300,
    color: series(),
    textStyle: text,
    aria: { enabled: false },
    tooltip: {
      trigger: ["pie", "funnel"].includes(data.kind) ? "item" : "axis", confine: true, renderMode: "richText", axisPointer: { type: /^(bar|stacked)/.test(data.kind) ? "shadow" : "line" },
      backgroundColor: colour("--tk-surface"), borderColor: line, textStyle: { ...text, color: colour("--tk-text") }, valueFormatter: format,
    },
    legend: data.series.length > 1 || data.kind === "pie" ? { bottom: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, type: "scroll", textStyle: text } : undefined,
  };
  const points = () => data.categories.map((name, index) => ({ name: escaped(name), value: data.series[0].values[index] }));
  if (data.kind === "pie") return { ...base, series: [{ type: "pie", radius: ["48%", "72%"], center: ["50%", "44%"], data: points(), label: { color: quiet, formatter: "{d}%" }, labelLine: { length: 8, length2: 6 }, itemStyle: { borderColor: colour("--tk-surface"), borderWidth: 2 } }] };
  if (data.kind === "funnel") return { ...base, series: [{ type: "funnel", sort: "none", left: 8, right: 8, top: 8, bottom: 8, gap: 2, minSize: "18%", data: points(), label: { position: "inside", color: "#fff", textBorderColor: "transparent", formatter: (p) => `${p.name}  ${format(p.value)}` } }] };
  const lying = data.kind.endsWith("_lying");
  const stacked = data.kind.startsWith("stacked");
  const names = { type: "category", data: data.categories, inverse: lying, axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { ...text, hideOverlap: true } };
  // A few names all stand below their bars: on several lines where their words fit, else aslant. Months may leave gaps.
  if (!lying && data.categories.length <= 8 && wide && !data.categories.every((name) => /^\d/.test(name))) {
    const room = (wide - 64) / data.categories.length - 8;
    const fits = data.categories.every((name) => String(name).split(/\s+/).every((word) => /[\u2e80-\uffff]/.test(word) || word.length * 7 <= room));
    names.axisLabel = { ...text, interval: 0, ...(fits ? { width: room, overflow: "break" } : { rotate: 30 }) };
  }
  const values = { type: "value", axisLabel: { ...text, formatter: (v) => (Math.abs(v) >= 10000 ? Number(v).toLocaleString(document.documentElement.lang, { notation: "compact" }) : v) }, splitLine: { lineStyle: { color: line } } };
  const flat = data.kind === "line" || data.kind === "area";
  return {
    ...base,
    grid: { left: 8, right: 16, top: 16, bottom: data.series.length > 1 ? 32 : 8, containLabel: true },
    xAxis: lying ? values : { ...names, boundaryGap: !flat },
    yAxis: lying ? names : values,
    series: data.series.map((row) => ({
      name: row.name, data: row.values, type: flat ? "line" : "bar", stack: stacked ? "all" : undefined,
      smooth: false, symbolSize: 6, showSymbol: row.values.length < 40, lineStyle: { width: 2 }, areaStyle: data.kind === "area" ? { opacity: 0.15 } : undefined,
      barMaxWidth: 34, itemStyle: flat ? undefined : { borderRadius: stacked ? 0 : lying ? [0, 3, 3, 0] : [3, 3, 0, 0] },
    })),
  };
};

export const draw = (figure) => {
  const canvas = one("[data-chart-canvas]", figure);
  const data = JSON.parse(one("[data-chart-data]", figure).textContent);
  const chart = init(canvas, null, { renderer: "canvas" });
  chart.setOption(options(data, canvas.clientWidth));
  chart.on("click", (event) => { const link = data.links[event.dataIndex]; if (link) location.assign(link); });
  if (data.links.length) canvas.classList.add("tk-chart-clicks");
  new ResizeObserver(() => { if (canvas.isConnected) chart.resize(); else { drawn.delete(chart); chart.dispose(); } }).observe(canvas);
  drawn.set(chart, data);
};
document.addEventListener("tk:theme", () => { for (const [chart, data] of drawn) chart.setOption(options(data, chart.getWidth()), true); });
