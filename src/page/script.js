"use strict";
// Links the pictures and tables of the page: a city under the pointer is marked wherever it stands. Without this script
// everything can still be read.
(() => {
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("data").textContent);
  const { ids, columns, families, ranking, neighbours, words } = data;
  for (const column of columns) {
    const { texts, of } = column.values;
    if (texts) column.values = of.map((k) => (k === null ? null : texts[k]));
  }
  // Characters that steer or turn text show as what they are not.
  const plain = (text) => text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
  const names = data.names.map(plain);
  const place = new Map(ids.map((id, i) => [id, i]));
  root.classList.add("js");

  const make = (tag, text, attributes = {}) => {
    const element = document.createElement(tag);
    if (text) element.textContent = plain(text);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  // Marks of each city: shapes on maps, points, rows.
  const marks = new Map();
  const cityOf = (element) => {
    const mark = element && element.closest && element.closest("[data-c], use[href^='#c']");
    if (!mark) return -1;
    const c = mark.dataset.c ?? mark.getAttribute("href").slice(2);
    return /^\d+$/.test(c) ? Number(c) : -1;
  };
  for (const element of document.querySelectorAll("[data-c], use[href^='#c']")) {
    const c = cityOf(element);
    if (!marks.has(c)) marks.set(c, []);
    marks.get(c).push(element);
  }
  const mark = (c, name, on) => (marks.get(c) || []).forEach((element) => element.classList.toggle(name, on));

  const shown = (column, c) => {
    const value = columns[column].values[c];
    if (value === null || value === undefined) return "–";
    return typeof value === "string" && place.has(value) ? names[place.get(value)] : plain(String(value));
  };
  const facts = (c, most) => ranking.slice(0, most).map(([heading, column]) => `${heading} ${shown(column, c)}`);

  // The city under the pointer or the keyboard.
  const tip = make("div", "", { class: "tip", "aria-hidden": "true", hidden: "" });
  const live = make("p", "", { class: "unseen", "aria-live": "polite", id: "live" });
  document.body.append(tip, live);
  let over = -1;
  const look = (c, x, y) => {
    if (c !== over) {
      mark(over, "over", false);
      mark(c, "over", true);
      over = c;
      tip.replaceChildren();
      if (c >= 0) {
        tip.append(make("b", names[c]));
        facts(c, 8).forEach((fact) => tip.append(make("span", fact)));
      }
    }
    tip.hidden = c < 0 || x === undefined;
    if (tip.hidden) return;
    const box = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - box.width - 4))}px`;
    tip.style.top = `${y + 16 + box.height > innerHeight ? Math.max(4, y - box.height - 12) : y + 16}px`;
  };
  document.addEventListener("pointermove", (event) => look(cityOf(event.target), event.clientX, event.clientY));
  document.addEventListener("pointerleave", () => look(-1));
  document.addEventListener("focusin", (event) => { if (!event.target.closest("svg")) look(cityOf(event.target)); });

  // The cities that were picked; the address remembers them.
  let picked = new Set();
  const pick = (cities) => {
    picked.forEach((c) => mark(c, "chosen", false));
    picked = new Set(cities);
    picked.forEach((c) => mark(c, "chosen", true));
    document.body.classList.toggle("some", picked.size > 0);
    clear.hidden = picked.size === 0;
    clear.textContent = `${words.clear} (${picked.size})`;
    live.textContent = picked.size ? `${words.selected}: ${[...picked].slice(0, 10).map((c) => names[c]).join(", ")}` : "";
    if (picked.size) profile([...picked].pop());
  };
  const remember = () => {
    const list = [...picked].map((c) => encodeURIComponent(ids[c])).join(",");
    history.replaceState(null, "", list ? `#sel=${list}` : location.pathname + location.search);
  };
  const choose = (cities) => { pick(cities); remember(); };
  const toggle = (c, more) => {
    if (!more) return choose(picked.size === 1 && picked.has(c) ? [] : [c]);
    const next = new Set(picked);
    if (!next.delete(c)) next.add(c);
    choose(next);
  };
  let dragged = false;
  document.addEventListener("click", (event) => {
    if (dragged || event.target.closest("a, button, input, summary") || !getSelection().isCollapsed) return;
    const c = cityOf(event.target);
    if (c >= 0) toggle(c, event.shiftKey);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { look(-1); choose([]); }
  });

  // Dragging across a picture with points picks those inside.
  const drag = (svg) => {
    let start = null, box = null;
    const at = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.pointerType === "touch") return;
      start = { event, point: at(event) };
      dragged = false;
      event.preventDefault();
    });
    addEventListener("pointermove", (event) => {
      if (!start || Math.hypot(event.clientX - start.event.clientX, event.clientY - start.event.clientY) < 4) return;
      if (!box) {
        box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        box.setAttribute("class", "brush");
        svg.append(box);
      }
      const { point } = start, end = at(event);
      box.setAttribute("x", Math.min(point.x, end.x));
      box.setAttribute("y", Math.min(point.y, end.y));
      box.setAttribute("width", Math.abs(point.x - end.x));
      box.setAttribute("height", Math.abs(point.y - end.y));
    });
    addEventListener("pointerup", (event) => {
      if (start && box) {
        const frame = box.getBoundingClientRect();
        const inside = [...svg.querySelectorAll("circle[data-c]")].filter((circle) => {
          const { left, right, top, bottom } = circle.getBoundingClientRect();
          const x = (left + right) / 2, y = (top + bottom) / 2;
          return x >= frame.left && x <= frame.right && y >= frame.top && y <= frame.bottom;
        }).map(cityOf);
        choose(event.shiftKey ? [...picked, ...inside] : inside);
        dragged = true;
        setTimeout(() => { dragged = false; });
      }
      if (box) box.remove();
      start = box = null;
    });
  };

  // What the style of the page says of ink and paper, on white paper.
  const inks = {
    ink: ["fill", "#1f2328"], soft: ["fill", "#57606a"], axis: ["stroke", "#8c959f"], grid: ["stroke", "#e1e5ea"],
    edge: ["stroke", "#ffffff"],
  };

  // A picture as a file of its own: the shapes that it uses go with it.
  const save = (name, type, text) => {
    const link = make("a", "", { download: name, href: URL.createObjectURL(new Blob([text], { type })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const standalone = (svg) => {
    const copy = svg.cloneNode(true);
    const [, , width, height] = svg.getAttribute("viewBox").split(" ");
    const defs = document.createElementNS(copy.namespaceURI, "defs");
    const back = document.createElementNS(copy.namespaceURI, "rect");
    Object.entries({ width, height, fill: "#ffffff" }).forEach(([key, value]) => back.setAttribute(key, value));
    const used = new Set([...copy.querySelectorAll("use")].map((use) => use.getAttribute("href").slice(1)));
    for (const pattern of ["hatch", "stripes"]) {
      if (copy.querySelector(`[fill='url(#${pattern})']`)) used.add(pattern);
    }
    for (const id of used) {
      const shape = document.getElementById(id);
      if (shape) defs.append(shape.cloneNode(true));
    }
    for (const element of copy.querySelectorAll("[class]")) {
      for (const [name, [property, colour]] of Object.entries(inks)) {
        if (element.classList.contains(name) && !element.hasAttribute(property)) element.setAttribute(property, colour);
      }
      element.removeAttribute("class");
    }
    copy.setAttribute("font-family", getComputedStyle(svg).fontFamily);
    copy.removeAttribute("tabindex");
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    copy.prepend(defs, back);
    return new XMLSerializer().serializeToString(copy);
  };

  // Tables as text: what a spreadsheet would take for a formula is defused, numbers are left alone.
  const cells = (table) => [...table.rows].filter((row) => !row.hidden).map((row) => [...row.cells].map((cell) => cell.textContent));
  const safe = (text) => (/^\s*[=+\-@＝＋－＠]/.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text);
  const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const csv = (table) => "\ufeff" + cells(table).map((row) => row.map((text) => quoted(safe(text))).join(",") + "\r\n").join("");
  const tsv = (table) => cells(table).map((row) => row.map((text) => safe(text).replace(/\s+/g, " ")).join("\t")).join("\n");
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", "", { class: "unseen" });
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    live.textContent = words.copied;
  };

  const tools = (...parts) => {
    const bar = make("div", "", { class: "tools" });
    bar.append(...parts);
    return bar;
  };
  const button = (text, run, label) => {
    const element = make("button", text, label ? { type: "button", "aria-label": label } : { type: "button" });
    element.addEventListener("click", run);
    return element;
  };

  // Sorting by a column: numbers as numbers, what is missing last.
  const sort = (table, column, heading) => {
    const down = heading.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = [...table.tBodies[0].rows].map((row) => [row.cells[column].textContent, row]);
    const given = rows.filter(([text]) => text !== "");
    const numeric = given.every(([text]) => Number.isFinite(Number(text)));
    const order = new Intl.Collator(root.lang, { numeric: true }).compare;
    const compare = numeric ? (a, b) => Number(a) - Number(b) : order;
    given.sort(([a], [b]) => (down ? compare(b, a) : compare(a, b)));
    table.tBodies[0].append(...given.map(([, row]) => row), ...rows.filter(([text]) => text === "").map(([, row]) => row));
  };
  for (const table of document.querySelectorAll("table.data")) {
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      const text = heading.textContent;
      heading.replaceChildren(button(text, () => sort(table, column, heading)));
    });
    const name = table.dataset.name;
    const bar = tools(
      button(words.csv, () => save(`${name}.csv`, "text/csv", csv(table)), `${words.csv}: ${name}`),
      button(words.copy, () => copy(tsv(table)), `${words.copy}: ${name}`),
    );
    if (table.id === "ranking") {
      const field = make("input", "", { type: "search", id: "filter", placeholder: words.filter, "aria-label": words.filter });
      field.addEventListener("input", () => {
        const wanted = field.value.trim().toLowerCase();
        for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
      });
      bar.prepend(field);
    }
    table.parentElement.before(bar);
  }

  for (const figure of document.querySelectorAll("figure")) {
    const svg = figure.querySelector("svg");
    const name = figure.id.replace(/^figure-/, "");
    const bar = tools(button(words.svg, () => save(`${name}.svg`, "image/svg+xml", standalone(svg)), `${words.svg}: ${name}`));
    if (svg.querySelector("circle[data-c]")) {
      drag(svg);
      svg.setAttribute("aria-description", words.scatter);
    }
    figure.append(bar);
  }

  // The keyboard goes from city to city in the first map.
  const map = [...document.querySelectorAll("figure svg")].find((svg) => svg.querySelector("use[href^='#c']"));
  if (map) {
    const cities = [...new Set([...map.querySelectorAll("use[href^='#c']")].map(cityOf))].sort((a, b) => a - b);
    let at = -1;
    map.setAttribute("tabindex", "0");
    map.setAttribute("aria-description", words.keys);
    map.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step) {
        at = (at + step + cities.length) % cities.length;
        look(cities[at]);
        live.textContent = [names[cities[at]], ...facts(cities[at], 4)].join(", ");
        event.preventDefault();
      } else if (event.key === "Enter" && at >= 0) {
        toggle(cities[at], event.shiftKey);
      }
    });
    map.addEventListener("blur", () => look(-1));
  }

  // One city in full.
  const panel = document.getElementById("profile");
  const place_of = (values, c) => {
    const known = values.filter((x) => typeof x === "number");
    return typeof values[c] === "number" ? [known.filter((x) => x > values[c]).length + 1, known.length] : null;
  };
  const profile = (c) => {
    if (!panel || panel.dataset.city === String(c)) return;
    panel.dataset.city = c;
    const table = make("table", "", { class: "facts" });
    let body, family;
    columns.forEach(({ label, family: of, values }, column) => {
      if (of !== family) {
        family = of;
        body = table.appendChild(make("tbody"));
        body.insertRow().append(make("th", families[of], { colspan: 4, scope: "rowgroup" }));
      }
      const ranked = place_of(values, c);
      const row = body.insertRow();
      row.append(make("td", label, { class: "t" }), make("td", shown(column, c)), make("td", ranked ? ranked.join("/") : ""));
      const strip = row.insertCell();
      if (ranked) strip.append(make("meter", "", { value: ranked[1] > 1 ? (ranked[1] - ranked[0]) / (ranked[1] - 1) : 1 }));
    });
    const box = make("div", "", { class: "scroll tall" });
    box.append(table);
    panel.replaceChildren(make("h3", names[c]), box);
    if (neighbours[c].length) panel.append(make("p", `${words.neighbours}: ${neighbours[c].map((j) => names[j]).join(", ")}`));
  };

  // Theme and selection in the bar at the top.
  const clear = button("", () => choose([]));
  clear.className = "theme";
  clear.hidden = true;
  const themes = ["auto", "light", "dark"];
  let theme = 0;
  const themed = () => `${words.theme}: ${words[themes[theme]]}`;
  const switcher = button(themed(), () => {
    theme = (theme + 1) % themes.length;
    if (theme) root.dataset.theme = themes[theme];
    else delete root.dataset.theme;
    switcher.textContent = themed();
  });
  switcher.className = "theme";
  document.querySelector("nav").append(clear, switcher);

  // What the address asks for.
  const follow = () => {
    const hash = location.hash.slice(1);
    const decoded = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
    if (hash.startsWith("sel=")) {
      pick(hash.slice(4).split(",").map((id) => place.get(decoded(id))).filter((c) => c !== undefined));
    } else if (hash.startsWith("city-") && place.has(decoded(hash.slice(5)))) {
      pick([place.get(decoded(hash.slice(5)))]);
      if (!document.getElementById(hash) && panel) panel.scrollIntoView();
    }
  };
  addEventListener("hashchange", follow);
  follow();
  const first = document.querySelector("#ranking tbody tr");
  if (panel && !panel.firstChild && first) profile(cityOf(first));

  // Paper shows what is folded away, the many tables of the measures aside unless a reader opened them.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")].filter((details) => !details.closest(".tables:not([open])"));
    folded.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((details) => { details.open = false; }));
})();
