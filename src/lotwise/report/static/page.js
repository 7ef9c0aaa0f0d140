"use strict";
(function () {
  const root = document.documentElement;
  const specs = JSON.parse(document.getElementById("specs").textContent);
  const drill = JSON.parse(document.getElementById("drill").textContent);
  const views = {};
  const day = 24 * 60 * 60 * 1000;
  const options = {
    ast: true,
    renderer: "svg",
    actions: false,
    defaultStyle: false,
    mode: "vega-lite",
    tooltip: { disableDefaultStyle: true, formatTooltip: tooltip },
  };

  function tooltip(value, sanitize) {
    const fields = typeof value === "object" ? Object.entries(value) : [["", value]];
    return fields
      .filter(([, text]) => text !== "")
      .map(([title, text]) => "<p>" + (title.trim() ? "<b>" + sanitize(title) + "</b> " : "") + sanitize(text) + "</p>")
      .join("");
  }

  async function draw() {
    for (const element of document.querySelectorAll("[data-chart]")) {
      const drawn = await vegaEmbed(element, specs[element.dataset.chart], options);
      views[element.dataset.chart] = drawn.view;
      const drawing = element.querySelector("svg");
      if (drawing) drawing.setAttribute("aria-hidden", "true");
    }
    link();
    root.dataset.drawn = "true";
  }

  function spell(cents) {
    const text = (Math.abs(cents) / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    return (cents < 0 ? "\u2212" : "") + text;
  }

  function cells(place) {
    const drawn = Object.entries(drill.parts);
    return drill.weeks.flatMap((week, at) =>
      drawn.map(([account, part], order) => {
        const cents = drill.cents[place][drill.accounts.indexOf(account)][at];
        return { week, label: drill.labels[at], account, part, place: order, money: cents / 100, shown: spell(cents) };
      }),
    );
  }

  function figure(account, product, week, cents) {
    const shown = document.createElement("span");
    const where = new URLSearchParams(product ? { product, week } : { week });
    shown.className = cents === 0 ? "n zero" : "n";
    shown.dataset.value = String(cents / 100);
    shown.dataset.sum = "gap_cells." + account + "?" + where;
    shown.textContent = spell(cents);
    return shown;
  }

  async function choose(place) {
    const select = document.getElementById("drill-product");
    const name = document.getElementById("drill-name");
    select.value = String(place);
    name.textContent = select.selectedOptions[0].textContent;
    name.translate = place === 0;
    document.querySelectorAll("#drill-weeks tbody tr").forEach((row, at) => {
      row.querySelectorAll("td").forEach((cell, column) => {
        const cents = drill.cents[place][column][at];
        cell.replaceChildren(figure(drill.accounts[column], drill.products[place], drill.weeks[at], cents));
      });
    });
    await views.weeks.data("cells", cells(place)).runAsync();
    root.dataset.chosen = drill.products[place];
  }

  const zoomed = "zoom_from";
  const narrow = 480;

  function shown(view) {
    return view.scale("x").domain().map(Number);
  }

  function move(step) {
    const view = views.gantt;
    const [from, to] = shown(view);
    const [middle, half] = [(from + to) / 2, (to - from) / 2];
    const spans = {
      earlier: [from - half, to - half],
      later: [from + half, to + half],
      in: [middle - half / 2, middle + half / 2],
      out: [middle - half * 2, middle + half * 2],
      all: null,
    };
    view.signal(zoomed, spans[step]).runAsync();
  }

  function link() {
    const view = views.gantt;
    if (!view) return;
    for (const button of document.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => move(button.dataset.zoom));
    }
    if (views["machine-days"]) {
      views["machine-days"].addSignalListener("days_from", (_, span) => {
        view.signal(zoomed, span && span.length ? span.map(Number) : null).runAsync();
      });
    }
    const [from, to] = shown(view);
    if (view.width() < narrow && to - from > day) view.signal(zoomed, [from, from + day]).runAsync();
  }

  function toggle() {
    const isDark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : window.matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
  }

  function openAll() {
    for (const details of document.querySelectorAll("details")) details.open = true;
  }

  document.getElementById("theme").addEventListener("click", toggle);
  window.addEventListener("beforeprint", openAll);
  draw().then(() => {
    if (!drill) return;
    document.getElementById("drill-product").addEventListener("change", (event) => choose(Number(event.target.value)));
    for (const button of document.querySelectorAll(".pick")) {
      button.addEventListener("click", () => {
        document.getElementById("drill-by-week").scrollIntoView();
        choose(Number(button.dataset.place));
      });
    }
  });
})();
