"use strict";

// Times: the server writes UTC. This script shows relative times, with the local time in the title.
// Pages without times skip it, because loading the language rules takes a moment.
if (document.querySelector("time[datetime]")) {
  const language = document.documentElement.lang || "en";
  const relative = new Intl.RelativeTimeFormat(language);
  const now = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(0, "second");
  const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });
  // Each unit, its length in seconds, and its count in the next unit.
  const units = [
    ["second", 1, 60], ["minute", 60, 60], ["hour", 3600, 24], ["day", 86400, 30], ["month", 2629800, 12],
    ["year", 31557600, Infinity],
  ];

  const format = seconds => {
    if (seconds <= 0 && seconds > -60) return now;
    const [unit, length] = units.find(([, length, limit]) => Math.round(Math.abs(seconds) / length) < limit);
    return relative.format(Math.round(seconds / length), unit);
  };

  const update = () => {
    for (const time of document.querySelectorAll("time[datetime]")) {
      const at = Date.parse(time.dateTime);
      if (Number.isNaN(at)) continue;
      time.textContent = format((at - Date.now()) / 1000);
      time.title = absolute.format(at);
    }
  };

  update();
  setInterval(update, 30_000);
}

// A "Select all" checkbox needs JavaScript, so the page renders it hidden.
for (const selectAll of document.querySelectorAll("table input[data-select-all]")) {
  const table = selectAll.closest("table");
  const boxes = [...table.querySelectorAll("tbody input[type=checkbox]:not(:disabled)")];

  const update = () => {
    const selected = boxes.filter(box => box.checked).length;
    selectAll.checked = selected > 0 && selected === boxes.length;
    selectAll.indeterminate = selected > 0 && selected < boxes.length;
  };

  selectAll.hidden = boxes.length === 0;
  selectAll.addEventListener("change", () => boxes.forEach(box => { box.checked = selectAll.checked; }));
  table.addEventListener("change", update);
  addEventListener("pageshow", update);
}
