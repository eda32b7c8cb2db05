/* Draws the charts of the dashboard with Chart.js, which unfold brings along, in the colours of the page. */

const charts = JSON.parse(document.getElementById("dashboard-charts")?.textContent ?? "{}");
const drawn = [];

function colours() {
  const dark = document.documentElement.classList.contains("dark");
  const root = getComputedStyle(document.documentElement);
  const colour = (name) => root.getPropertyValue(`--color-${name}`).trim();
  return {
    text: colour(dark ? "base-300" : "base-600"),
    grid: colour(dark ? "base-800" : "base-200"),
    series: [colour(dark ? "primary-400" : "primary-600"), colour(dark ? "base-500" : "base-400")],
  };
}

function dataset(series, index, type, { series: palette }) {
  const line = type === "line";
  return {
    label: series.label,
    data: series.data,
    backgroundColor: palette[index],
    borderColor: palette[index],
    borderWidth: line ? 2 : 0,
    borderDash: line && index ? [5, 4] : [],
    borderRadius: 3,
    pointRadius: line && series.data.length > 31 ? 0 : 2,
    maxBarThickness: 28,
    cubicInterpolationMode: "monotone",
  };
}

function axis(palette, more = {}) {
  return {
    beginAtZero: true,
    border: { display: false },
    grid: { color: palette.grid },
    ticks: { color: palette.text, precision: 0, maxRotation: 0, autoSkipPadding: 12 },
    ...more,
  };
}

function draw(canvas) {
  const { type, labels, series } = charts[canvas.dataset.chart];
  const palette = colours();
  const lying = type === "bars";
  return new Chart(canvas, {
    type: lying ? "bar" : type,
    data: { labels, datasets: series.map((one, index) => dataset(one, index, type, palette)) },
    options: {
      animation: false,
      indexAxis: lying ? "y" : "x",
      interaction: { mode: "index", intersect: false, axis: lying ? "y" : "x" },
      maintainAspectRatio: false,
      plugins: {
        legend: {
          display: series.length > 1,
          align: "start",
          labels: { color: palette.text, usePointStyle: true, pointStyle: type === "line" ? "line" : "rect", boxHeight: 8 },
        },
      },
      scales: {
        x: axis(palette, lying ? {} : { grid: { display: false } }),
        y: axis(palette, lying ? { grid: { display: false }, ticks: { color: palette.text, autoSkip: false } } : {}),
      },
    },
  });
}

function drawAll() {
  while (drawn.length) drawn.pop().destroy();
  for (const canvas of document.querySelectorAll("canvas[data-chart]")) drawn.push(draw(canvas));
}

/* Days are asked for only where they matter. */
function showDays(period) {
  for (const field of document.querySelectorAll("[data-field=first], [data-field=last]")) {
    field.hidden = period.value !== "days";
  }
}

const period = document.querySelector(".dashboard-choice [name=period]");
if (period) {
  period.addEventListener("change", () => showDays(period));
  showDays(period);
}
drawAll();
let wasDark = document.documentElement.classList.contains("dark");
new MutationObserver(() => {
  const dark = document.documentElement.classList.contains("dark");
  if (dark !== wasDark) {
    wasDark = dark;
    drawAll();
  }
}).observe(document.documentElement, { attributeFilter: ["class"] });
