"use strict";

// Times: the server writes UTC; here they become relative, with the reader's own clock in the title. Pages without one are spared the
// languages' rules, which take a moment to load.
if (document.querySelector("time[datetime]")) {
  const language = document.documentElement.lang || "en";
  const relative = new Intl.RelativeTimeFormat(language);
  const now = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(0, "second");
  const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });
  // Each unit, its seconds, and how many of it make the next one.
  const units = [["second", 1, 60], ["minute", 60, 60], ["hour", 3600, 24], ["day", 86400, 30], ["month", 2629800, 12], ["year", 31557600, Infinity]];

  const words = seconds => {
    if (seconds <= 0 && seconds > -60) return now;
    const [unit, length] = units.find(([, length, enough]) => Math.round(Math.abs(seconds) / length) < enough);
    return relative.format(Math.round(seconds / length), unit);
  };

  const show = () => {
    for (const time of document.querySelectorAll("time[datetime]")) {
      const at = Date.parse(time.dateTime);
      if (Number.isNaN(at)) continue;
      time.textContent = words((at - Date.now()) / 1000);
      time.title = absolute.format(at);
    }
  };

  show();
  setInterval(show, 30_000);
}

// A "select all" box works only with a script, so the page renders it hidden.
for (const all of document.querySelectorAll("table input[data-select-all]")) {
  const table = all.closest("table");
  const boxes = [...table.querySelectorAll("tbody input[type=checkbox]:not(:disabled)")];

  const reflect = () => {
    const chosen = boxes.filter(box => box.checked).length;
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  };

  all.hidden = boxes.length === 0;
  all.addEventListener("change", () => boxes.forEach(box => { box.checked = all.checked; }));
  table.addEventListener("change", reflect);
  addEventListener("pageshow", reflect);
}
