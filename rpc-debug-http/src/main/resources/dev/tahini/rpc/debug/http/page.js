// Keeps the page up to date, sorts and searches its tables. All HTML comes escaped from the server.
"use strict";

(() => {
  const stream = document.body.dataset.stream;
  const live = document.getElementById("live");
  const search = document.getElementById("search");
  const texts = new Set(["backend", "name", "zone", "state"]);

  const cell = (row, column) => row.children[column];
  const value = (row, column) => cell(row, column).dataset.v ?? cell(row, column).textContent;
  const number = (row, column) => parseFloat(value(row, column).replaceAll(",", "")) || 0;

  const sort = (table) => {
    const header = table.querySelector("th[aria-sort]");
    if (!header) return;
    const column = header.cellIndex;
    const up = header.getAttribute("aria-sort") === "ascending" ? 1 : -1;
    const order = texts.has(header.textContent.trim())
      ? (a, b) => up * value(a, column).localeCompare(value(b, column))
      : (a, b) => up * (number(a, column) - number(b, column));
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const sorted = [...rows].sort(order);
    if (sorted.some((row, i) => row !== rows[i])) body.append(...sorted);
  };

  const filter = (table) => {
    const asked = search.value.trim().toLowerCase();
    for (const row of table.tBodies[0].rows) {
      row.hidden = asked !== "" && !row.textContent.toLowerCase().includes(asked);
    }
  };

  const tables = () => document.querySelectorAll(".list table");

  for (const table of tables()) {
    for (const link of table.querySelectorAll("thead a")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        const header = link.parentElement;
        const was = header.getAttribute("aria-sort");
        const first = texts.has(header.textContent.trim()) ? "ascending" : "descending";
        const next = was === null ? first : was === "ascending" ? "descending" : "ascending";
        for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
        header.setAttribute("aria-sort", next);
        sort(table);
      });
    }
  }

  search.addEventListener("input", () => {
    for (const table of tables()) {
      if (search.value.trim() !== "") table.closest("details").open = true;
      filter(table);
    }
  });

  const update = (client) => {
    const section = document.getElementById("c" + client.id);
    if (!section) return false;
    section.querySelector(".head").innerHTML = client.head;
    const table = section.querySelector(".list table");
    const body = table.tBodies[0];
    for (const change of client.rows) {
      let row = document.getElementById("r" + change.id);
      if (!row) {
        row = body.insertRow();
        row.id = "r" + change.id;
      }
      row.className = change.state;
      if (!row.contains(document.activeElement)) row.innerHTML = change.html;
      else [...new DOMParser().parseFromString("<table><tr>" + change.html, "text/html").querySelectorAll("td")]
        .forEach((fresh, i) => row.children[i + 1].replaceWith(fresh));
    }
    const listed = new Set(client.ids.map((id) => "r" + id));
    for (const row of [...body.rows]) if (!listed.has(row.id)) row.remove();
    section.querySelector(".list > summary").textContent = client.ids.length + " backends";
    sort(table);
    filter(table);
    return true;
  };

  if (!stream) return;
  const events = new EventSource(stream);
  events.onmessage = (event) => {
    const page = JSON.parse(event.data);
    document.getElementById("taken").textContent = page.taken;
    const ids = new Set(page.clients.map((client) => "c" + client.id));
    for (const section of document.querySelectorAll("main > section")) {
      if (!ids.has(section.id)) section.remove();
    }
    // A client that is new brings its tables with it: the page is asked for anew.
    if (!page.clients.every(update)) location.reload();
    if (live.textContent !== "live") live.textContent = "live";
  };
  events.onerror = () => {
    live.textContent =
      events.readyState === EventSource.CLOSED ? "not live: too many readers" : "not live: no answer";
  };
})();
