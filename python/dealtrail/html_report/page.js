(() => {
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const { keys, sums, words } = data;
const dims = ["month", "channel", "brand", "manager", "event"];
const place = Object.fromEntries(sums.map((name, i) => [name, i]));
const width = dims.length;
const zero = () => new Array(sums.length).fill(0n);
const parts = data.parts.map((part) => part.map((one, i) => (i >= width && (i - width) % 2 === 1 ? BigInt(one) : one)));
const by = (id) => document.getElementById(id);

// --- numbers: exact whole numbers until the one division -----------------------------------------------------------

const grouped = (digits) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, data.thousands);
function written(digits, negative, sign) {
  const [whole, part] = digits.split(".");
  return (negative ? "\u2212" : sign ? "+" : "") + grouped(whole) + (part ? data.point + part : "");
}
function money(minor) {
  const negative = minor < 0n;
  const digits = (negative ? -minor : minor).toString().padStart(data.digits + 1, "0");
  const cut = digits.length - data.digits;
  return written(data.digits ? `${digits.slice(0, cut)}.${digits.slice(cut)}` : digits, negative);
}
function real(value, digits) {
  const text = Math.abs(value).toFixed(digits);
  return written(text, value < 0 && Number(text) !== 0);
}
const percent = (value, digits) => real(value * 100, digits) + (data.lang === "ru" ? "\u00a0%" : "%");

const columns = Object.fromEntries(data.columns.map((column) => [column.name, column]));
const is_money = (name) => data.sorts[name] === "money";
// The figure of a card as a number to sort and draw by, and as text; null where there is nothing to divide by.
function figure(name, of, unpaid, apart) {
  if (apart && name === "cost_per_attendee") return { value: null, text: "–", why: words.apart };
  const sum = (metric) => (metric ? of[place[metric]] : 0n);
  // Nobody looked who came: no value, not 0.
  const came = sum("attended") + sum("walk_ins");
  const nobody_looked = sum("registrations") !== 0n && sum("registrations_seen") === 0n && came === 0n && sum("tickets_attended") === 0n;
  if (nobody_looked && ["came", "attended", "walk_ins", "tickets_attended", "new_faces"].includes(name)) return { value: null, text: "–" };
  if (name === "came") return count(came);
  // Amounts of another currency without a rate, and no others: no value, not 0.
  const all_left_out = (metric) => (["cost", "amount_won", "paid", "refunded"].includes(metric) && sum(metric) === 0n && sum(`${metric}_left_out`) !== 0n)
    || (metric === "amount_won" && sum("won") !== 0n && sum("won") === sum("won_unvalued"));
  // What a channel costs of which no cost is known is no value either.
  if (unpaid === "unpriced" && sum("cost") === 0n && (name === "cost" || (columns[name] && [columns[name].plus, columns[name].minus].includes("cost")))) return { value: null, text: "–" };
  const column = columns[name];
  if (!column) {
    if ((name === "margin" && sum("margin_deals") === 0n) || all_left_out(name)) return { value: null, text: "–" };
    return is_money(name) ? { value: Number(sum(name)) / 10 ** data.digits, text: money(sum(name)) } : count(sum(name));
  }
  const over = sum(column.over) + sum(column.over2);
  const nothing = over === 0n || (unpaid && column.plus === "cost" && sum("cost") === 0n) || (column.plus === "margin" && sum("margin_deals") === 0n);
  if (nothing || all_left_out(column.plus) || all_left_out(column.minus)) return { value: null, text: "–" };
  const value = Number(sum(column.plus) - sum(column.minus)) / (Number(over) * (column.per ? 10 ** data.digits : 1));
  return { value, text: column.per ? real(value, data.digits) : percent(value, name === "show_rate" ? 1 : 0) };
}
function count(value) {
  const negative = value < 0n;
  return { value: Number(value), text: written((negative ? -value : value).toString(), negative) };
}

// --- filters: parts whose keys are chosen are added up -------------------------------------------------------------

const value_of = (key) => (key === "" ? "\u0001" : key); // an empty name is a name; no choice is not
const chosen = { period: "", channel: "", brand: "", manager: "" };
function in_period(month, period) {
  if (!period || month === period) return true;
  const quarter = /^(\d{4})-Q([1-4])$/.exec(period);
  if (quarter) return month.slice(0, 5) === `${quarter[1]}-` && Math.ceil(Number(month.slice(5)) / 3) === Number(quarter[2]);
  return /^\d{4}$/.test(period) && month.startsWith(`${period}-`);
}
function taken(period = chosen.period) {
  const allowed = dims.map((dim) => keys[dim].map(({ key }) =>
    dim === "month" ? in_period(key, period) : !chosen[dim] || value_of(key) === chosen[dim]));
  return parts.filter((part) => dims.every((_, d) => allowed[d][part[d]]));
}
function add(into, part) {
  for (let i = width; i < part.length; i += 2) into[part[i]] += part[i + 1];
  return into;
}
function summed(rows, dim) {
  const at = dims.indexOf(dim);
  const found = new Map();
  for (const part of rows) {
    if (!found.has(part[at])) found.set(part[at], zero());
    add(found.get(part[at]), part);
  }
  return found;
}

// Cost and guests by event, of each key of `dim` (of all together without one).
function by_event(rows, dim) {
  const at = dims.indexOf(dim);
  const event = dims.indexOf("event");
  const found = new Map();
  for (const part of rows) {
    let cost = 0;
    let came = 0;
    for (let i = width; i < part.length; i += 2) {
      if (part[i] === place.cost) cost += Number(part[i + 1]);
      if (part[i] === place.attended || part[i] === place.walk_ins) came += Number(part[i + 1]);
    }
    const key = at < 0 ? "" : part[at];
    if (!found.has(key)) found.set(key, new Map());
    const of = found.get(key);
    const [cost_before, came_before] = of.get(part[event]) || [0, 0];
    of.set(part[event], [cost_before + cost, came_before + came]);
  }
  return found;
}
// Whether too much of a period's cost is for guests outside of it, or of its guests paid for outside; see apart.py.
const nowhere = keys.event.findIndex(({ key }) => key === "(unattributed)");
function is_apart(inside, whole) {
  let [cost, came, cost_apart, came_apart] = [0, 0, 0, 0];
  for (const [event, [spent, guests]] of inside || []) {
    cost += spent;
    came += guests;
    if (event === nowhere) continue;
    const [all_spent, all_came] = whole.get(event);
    if (all_came > 0) cost_apart += spent * (all_came - guests) / all_came;
    if (all_spent > 0) came_apart += guests * (all_spent - spent) / all_spent;
  }
  return cost_apart > data.apart * cost || came_apart > data.apart * came;
}
// Of which keys a cost per guest says nothing in the period that is chosen, or in each month.
function apart_by(dim, rows) {
  const monthly = dim === "month";
  if (!chosen.period && !monthly) return () => false;
  const inside = by_event(rows, dim);
  const whole = by_event(taken(""), monthly ? "" : dim);
  return (key) => is_apart(inside.get(key), whole.get(monthly ? "" : key));
}

// --- tables --------------------------------------------------------------------------------------------------------

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
function row_of(key, title, of, names, { unpaid = false, before = [], link = null, order = null, apart = false } = {}) {
  const row = element("tr", undefined, { "data-key": key });
  const head = element("th", title, { scope: "row" });
  if (order !== null) head.dataset.v = order;
  if (key === "(unattributed)") head.title = data.terms.unattributed;
  row.append(head, ...before);
  for (const name of names) {
    const { value, text, why } = figure(name, of, unpaid, apart);
    const cell = element("td", undefined, { class: "n", "data-v": value === null ? "" : value });
    if (why) cell.title = why;
    if (link && name === "cost_per_attendee" && value !== null) cell.append(link(text));
    else cell.textContent = text;
    row.append(cell);
  }
  return row;
}
function sort(table) {
  const header = table.tHead.querySelector("[aria-sort]");
  if (!header) return;
  const sign = header.getAttribute("aria-sort") === "ascending" ? 1 : -1;
  const at = header.cellIndex;
  const value = (row) => {
    const cell = row.cells[at];
    if (cell.dataset.v === undefined) return cell.textContent;
    return cell.dataset.v === "" ? null : isNaN(cell.dataset.v) ? cell.dataset.v : Number(cell.dataset.v);
  };
  const rows = [...table.tBodies[0].rows].map((row) => [value(row), row]);
  rows.sort(([one], [other]) => {
    if (one === null || other === null) return (one === null) - (other === null); // no value last, whatever the order
    return sign * (typeof one === "string" || typeof other === "string" ? String(one).localeCompare(String(other), data.lang) : one - other);
  });
  table.tBodies[0].append(...rows.map(([, row]) => row));
}
for (const table of document.querySelectorAll("table.sortable")) {
  for (const button of table.tHead.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      const header = button.closest("th");
      const before = header.getAttribute("aria-sort");
      for (const other of table.tHead.querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
      const first = header.classList.contains("n") ? "descending" : "ascending";
      header.setAttribute("aria-sort", before === null ? first : before === "ascending" ? "descending" : "ascending");
      sort(table);
    });
  }
}
function fill(id, rows, total) {
  if (!by(id)) return; // its section has no facts
  by(id).tFoot.replaceChildren(total);
  by(id).tBodies[0].replaceChildren(...rows);
  sort(by(id));
}
const traces = new Map([...document.querySelectorAll("details.trace")].map((one) => [one.dataset.key, one]));
function to_trace(key) {
  const target = traces.get(key);
  if (!target) return null;
  return (text) => {
    const link = element("a", text, { href: "#trace", class: "price" });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      target.open = true;
      target.scrollIntoView({ block: "center" });
      target.querySelector("summary").focus({ preventScroll: true });
    });
    return link;
  };
}

// --- charts --------------------------------------------------------------------------------------------------------

// What a channel is called in a chart: short, its own, and no word that every object of the drawing code answers to.
const labels = [];
function label_of(key, name) {
  let label = name.length > 80 ? `${name.slice(0, 79)}…` : name;
  if (labels.includes(label)) label = `${label} (${key.slice(0, 80)})`;
  return label in Object.prototype ? `${label}\u200b` : label;
}
for (const { key, name } of keys.channel) labels.push(label_of(key, name));
const locale = { decimal: data.point, thousands: data.thousands, grouping: [3], currency: ["", ""] };
const views = {};
const tall = new Set(["credit", "roles"]); // a line for each channel
const most = 25; // lines of a chart
function cut_to(name, rows, all) {
  by(`cut-${name}`).textContent = all > most ? `· ${words.first_of.replace("{shown}", most).replace("{all}", all)}` : "";
  return rows.slice(0, most);
}
async function draw(name, rows) {
  const place_of = by(`chart-${name}`);
  if (!place_of) return; // its section has no facts
  place_of.closest("figure").hidden = rows.length === 0;
  if (!rows.length) return; // nothing to draw has no scale
  const height = tall.has(name) ? 26 * new Set(rows.map((row) => row.name)).size : data.charts[name].height;
  if (views[name]) {
    await views[name].height(height).data("rows", rows).resize().runAsync();
    return;
  }
  const wide = place_of.clientWidth;
  const config = { ...data.charts[name].config };
  config.legend = { ...config.legend, columns: wide < 480 ? 1 : wide < 620 ? 2 : 3, labelLimit: 170 };
  config.axisY = { labelLimit: wide < 480 ? 120 : 210 };
  const spec = { ...data.charts[name], config, height, datasets: { rows } };
  const shown = await window.vegaEmbed(place_of, spec, {
    actions: false, ast: true, renderer: "svg", defaultStyle: false, formatLocale: locale,
    tooltip: { disableDefaultStyle: true },
  });
  views[name] = shown.view;
}
const labelled = (key, name) => {
  const at = keys.channel.findIndex((of) => of.key === key);
  return at < 0 ? label_of(key, name) : labels[at];
};
let drawing = Promise.resolve();
const charted = (name, rows) => { drawing = drawing.then(() => draw(name, rows)); };

// --- the whole page ------------------------------------------------------------------------------------------------

const of_key = (dim, i) => keys[dim][i];
const largest = 8; // channels with a colour of their own
function show() {
  const rows = taken();
  const total = rows.reduce(add, zero());
  const total_apart = apart_by("", rows)("");
  for (const name of data.tiles) {
    const { text, why } = figure(name, total, false, total_apart);
    const tile = by(`tile-${name}`);
    tile.textContent = text;
    tile.title = why || "";
  }

  by("partial").hidden = !chosen.brand && !chosen.manager;

  const dim = by("cut-by").value || "channel";
  const cut = summed(rows, dim);
  const cards = keys[dim].map((of, i) => [of, cut.get(i)]).filter(([of, sum]) => sum || (dim === "channel" && (!chosen.channel || of.key === chosen.channel)));
  by("cards").tHead.querySelector("button").textContent = words[dim];
  const cut_apart = apart_by(dim, rows);
  fill("cards", cards.map(([of, sum]) => row_of(of.key, of.name, sum || zero(), data.card_columns, {
    unpaid: of.unpaid, link: dim === "channel" ? to_trace(of.key) : null, order: dim === "month" ? of.key : null,
    apart: cut_apart(keys[dim].indexOf(of)),
  })), row_of("(total)", words.total, total, data.card_columns, { apart: total_apart }));

  const months = summed(rows, "month");
  const in_time = keys.month.map((of, i) => [of, months.get(i)]).filter(([, sum]) => sum);
  const month_apart = apart_by("month", rows);
  fill("months", in_time.map(([of, sum]) => row_of(of.key, of.name, sum, data.card_columns, { order: of.key, apart: month_apart(keys.month.indexOf(of)) })),
    row_of("(total)", words.total, total, data.card_columns, { apart: total_apart }));

  const events = summed(rows, "event");
  const event_apart = apart_by("event", rows);
  const has_any = (sum) => data.event_columns.some((name) => figure(name, sum).value);
  fill("event-cards", keys.event.map((of, i) => [of, events.get(i), i]).filter(([of, sum]) => sum && (of.key !== "(unattributed)" || has_any(sum))).map(([of, sum, i]) =>
    row_of(of.key, of.name, sum, data.event_columns, { apart: event_apart(i), before: [element("td", of.date, { class: "day", "data-v": of.at === null ? "" : of.at })] })),
    row_of("(total)", words.total, total, data.event_columns, { apart: total_apart, before: [element("td", "", { class: "day" })] }));

  const guests = in_time.some(([, sum]) => sum[place.attended] + sum[place.walk_ins] > 0n);
  const spent = in_time.some(([, sum]) => sum[place.cost] || sum[place.amount_won]);
  const dated = in_time.filter(([of]) => of.key !== "(undated)");
  const month_channels = new Map();
  const by_channel = new Map();
  const weigh = place.announcements;
  for (const part of rows) {
    const at = `${part[0]} ${part[1]}`;
    if (!month_channels.has(at)) month_channels.set(at, zero());
    add(month_channels.get(at), part);
    if (!by_channel.has(part[1])) by_channel.set(part[1], zero());
    add(by_channel.get(part[1]), part);
  }
  const named = [...by_channel].filter(([, sum]) => sum[weigh] > 0n).sort(([a, one], [b, other]) => Number(other[weigh] - one[weigh]) || a - b);
  const own = new Set(named.slice(0, largest).map(([i]) => i));
  const stacked = new Map();
  for (const [at, sum] of month_channels) {
    const [month, channel] = at.split(" ").map(Number);
    if (sum[weigh] === 0n || of_key("month", month).key === "(undated)") continue;
    const name = own.has(channel) ? labels[channel] : words.all_other;
    const cell = `${month} ${name}`;
    stacked.set(cell, { month, name, order: own.has(channel) ? [...own].indexOf(channel) : largest, value: (stacked.get(cell)?.value ?? 0) + Number(sum[weigh]) });
  }
  dated.forEach(([of]) => {
    const month = keys.month.indexOf(of);
    if (named.length) stacked.set(`${month} `, { month, name: labels[named[0][0]], order: -1, value: 0 });
  });
  const bars = [...stacked.values()].sort((one, other) => one.month - other.month || one.order - other.order);
  charted("announcements", bars.map(({ month, name, value }) => ({ month: of_key("month", month).short, name, value, text: count(BigInt(value)).text })));
  charted("money", !spent ? [] : dated.flatMap(([of, sum]) => ["cost", "amount_won"].map((name) => {
    const { value, text } = figure(name, sum);
    return { month: of.short, name: data.titles[name], value, text };
  }).filter(({ value }) => value !== null)));
  const channel_apart = apart_by("channel", rows);
  const prices = [...by_channel].map(([i, sum]) => ({ of: of_key("channel", i), label: labels[i], sum, apart: channel_apart(i) })).filter(({ of }) => of.key !== "(unattributed)")
    .map(({ of, label, sum, apart }) => ({ name: label, ...figure("cost_per_attendee", sum, of.unpaid, apart), cost: figure("cost", sum).text, came: figure("came", sum).text }))
    .filter(({ value }) => value !== null).sort((one, other) => one.value - other.value);
  charted("prices", cut_to("prices", prices, prices.length));
  charted("guests", !guests ? [] : dated.flatMap(([of, sum]) => {
    const fresh = sum[place.new_faces];
    const came = sum[place.attended] + sum[place.walk_ins];
    return [[words.new, fresh], [words.returning, came - fresh]].map(([name, value]) => ({ month: of.short, name, value: Number(value), text: count(value).text }));
  }));
  document.body.dataset.shown = String(Number(document.body.dataset.shown || 0) + 1);
}

// What is credited: one goal at a time; filters do not apply.
function show_goal() {
  const goal = by("goal").value;
  for (const one of document.querySelectorAll("div.goal")) one.hidden = one.dataset.goal !== goal;
  const { credit, roles } = data.credit[goal];
  cut_to("credit", [], data.credit[goal].channels);
  charted("credit", new Set(credit.map(({ key }) => key)).size < 2 ? [] : credit.map((row) => ({ ...row, name: labelled(row.key, row.name) })));
  charted("roles", roles.map((row) => ({ ...row, order: ["first", "middle", "last", "only"].indexOf(row.part), name: `${row.of} · ${labelled(row.key, row.name)}`, part: words[row.part === "first" ? "first_part" : row.part] })));
}

function options(select, entries) {
  for (const [value, text] of entries) select.append(element("option", text, { value }));
}
function group(select, title, entries) {
  if (!entries.length) return;
  const made = element("optgroup", undefined, { label: title });
  options(made, entries);
  select.append(made);
}
const months = keys.month.filter(({ key }) => key !== "(undated)");
options(by("filter-period"), [["", words.all_time]]);
group(by("filter-period"), words.years, [...new Set(months.map(({ key }) => key.slice(0, 4)))].reverse().map((year) => [year, year]));
const quarter_of = (key) => `${key.slice(0, 4)}-Q${Math.ceil(Number(key.slice(5)) / 3)}`;
group(by("filter-period"), words.quarters, [...new Set(months.map(({ key }) => quarter_of(key)))].reverse().map((key) => [key, words.quarter.replace("{q}", key.slice(6)).replace("{year}", key.slice(0, 4))]));
group(by("filter-period"), words.months, [...months].reverse().map(({ key, name }) => [key, name]));
if (months.length < keys.month.length) options(by("filter-period"), [["(undated)", words.undated]]);
for (const dim of ["channel", "brand", "manager"]) {
  options(by(`filter-${dim}`), [["", words.all], ...keys[dim].map(({ key, name }) => [value_of(key), name])]);
}
for (const dim of Object.keys(chosen)) {
  const select = by(`filter-${dim}`);
  select.addEventListener("change", () => {
    chosen[dim] = select.value;
    select.classList.toggle("on", select.value !== "");
    show();
  });
}
by("reset").addEventListener("click", () => {
  for (const dim of Object.keys(chosen)) {
    chosen[dim] = "";
    by(`filter-${dim}`).value = "";
    by(`filter-${dim}`).classList.remove("on");
  }
  show();
});
options(by("cut-by"), ["channel", "month", "brand", "manager", "event"].map((dim) => [dim, words[dim]]));
by("cut-by").addEventListener("change", show);

by("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
by("print").addEventListener("click", () => window.print());
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const one of opened) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of opened) one.open = false;
});
for (const id of ["filters", "cut", "theme", "print"]) by(id).hidden = false;
show();
if (by("goal")) {
  by("goal-cut").hidden = by("goal").options.length < 2;
  by("goal").addEventListener("change", show_goal);
  show_goal();
}
drawing.then(() => { document.body.dataset.drawn = "true"; });
})();
