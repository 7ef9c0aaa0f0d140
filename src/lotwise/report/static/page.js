"use strict";
(function () {
  const root = document.documentElement;
  const specs = JSON.parse(document.getElementById("specs").textContent);
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
      .map(([title, text]) => "<p>" + (title.trim() ? "<b>" + sanitize(title) + "</b> " : "") + sanitize(text) + "</p>")
      .join("");
  }

  async function draw() {
    for (const element of document.querySelectorAll("[data-chart]")) {
      await vegaEmbed(element, specs[element.dataset.chart], options);
      const drawing = element.querySelector("svg");
      if (drawing) drawing.setAttribute("aria-hidden", "true");
    }
    root.dataset.drawn = "true";
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
  draw();
})();
