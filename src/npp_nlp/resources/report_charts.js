// The charts of the page and the tables beside them. Bokeh draws; its script is unpacked from the page itself.
"use strict";

const charts = new Map(); // name -> the models of a chart by name
const trend = { terms: groups ? [...groups.chosen] : [] };
const emergence = { side: groups && groups.rising.length ? "rising" : "falling" };
const MARKS = ["circle", "square", "triangle", "diamond", "inverted_triangle", "hex", "star", "plus"];

const colour = (i) => data.colours[i % data.colours.length];
const model = (chart, name) => charts.get(chart).get_model_by_name(name);

async function unpackLibrary() {
  const packed = Uint8Array.from(atob(byId("library").textContent), (c) => c.charCodeAt(0));
  const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const code = await new Response(plain).text();
  document.head.append(el("script", {}, code));
}

// Calls back with the number of the row that was clicked in one of several sources, the first that has one.
function onTap(chart, sources, act) {
  let waiting = false;
  const settle = () => {
    waiting = false;
    const hit = sources.find((name) => model(chart, name).selected.indices.length);
    const row = hit === undefined ? -1 : model(chart, hit).selected.indices[0];
    sources.forEach((name) => (model(chart, name).selected.indices = []));
    if (row >= 0) act(hit, row);
  };
  for (const name of sources) {
    model(chart, name).selected.properties.indices.change.connect(() => {
      if (waiting || !model(chart, name).selected.indices.length) return;
      waiting = true;
      setTimeout(settle);
    });
  }
}

async function drawCharts() {
  const items = byId("library") ? JSON.parse(byId("charts").textContent) : {};
  try {
    if (byId("library")) await unpackLibrary();
  } catch {
    document.querySelectorAll(".chart").forEach((box) => box.replaceChildren(el("p", { class: "note" }, word("no_charts"))));
    document.querySelectorAll("section > details").forEach((details) => (details.open = true));
    return;
  }
  for (const [name, item] of Object.entries(items)) {
    const box = byId(`chart-${name}`);
    if (!box) continue;
    await Bokeh.embed.embed_item(item, box.id);
    charts.set(name, Bokeh.documents.at(-1));
  }
  if (charts.has("graph")) startGraph();
  if (charts.has("trends")) onTap("trends", ["points"], (_, row) => showPassages(trend.rows[row]));
  if (charts.has("shares")) onTap("shares", ["bars"], (_, row) => showPassages({ label: shareRows()[row].label, group: shareRows()[row].group }));
  if (charts.has("emergence")) onTap("emergence", ["marks", "spans"], (name, row) => showPassages({ term: emergence.terms[name][row] }));
  showSections();
  document.documentElement.dataset.charts = "ready";
}

// ---- the graph

const graphView = { focus: -1 };

function nodeSize(node) {
  const most = Math.max(...data.graph.nodes.map((other) => other.n));
  return (6 + 26 * Math.sqrt(node.n / most)) * (byId("chart-graph").clientWidth < 500 ? 0.7 : 1);
}

function graphSpan() {
  const [x, y] = [model("graph", "graph").x_range, model("graph", "graph").y_range];
  return [x.start, x.end, y.start, y.end];
}

// The strongest names that do not cover one another at this zoom, those near the focus first.
function freeNames(near) {
  const [x0, x1, y0, y1] = graphSpan();
  const box = byId("chart-graph").getBoundingClientRect();
  const taken = [], chosen = new Set();
  const order = [...data.graph.nodes.keys()].sort((a, b) => near.has(b) - near.has(a) || a - b);
  for (const i of order) {
    const node = data.graph.nodes[i];
    const x = ((node.x - x0) / (x1 - x0)) * box.width, y = ((y1 - node.y) / (y1 - y0)) * box.height + nodeSize(node) / 2;
    const half = 6.8 * node.term.length;
    const rect = [x - half, y, x + half, y + 17];
    if (taken.some((r) => r[0] < rect[2] && rect[0] < r[2] && r[1] < rect[3] && rect[1] < r[3])) continue;
    taken.push(rect);
    chosen.add(i);
  }
  return chosen;
}

function paintGraph() {
  const { nodes, edges } = data.graph, focus = graphView.focus;
  const near = new Set(focus < 0 ? [] : [focus, ...edges.filter((e) => e[0] === focus || e[1] === focus).flatMap((e) => [e[0], e[1]])]);
  const shown = (i) => focus < 0 || near.has(i);
  const heaviest = edges.length ? edges[0][4] : 1;
  const named = freeNames(near);
  model("graph", "dots").data = {
    x: nodes.map((n) => n.x), y: nodes.map((n) => n.y), size: nodes.map(nodeSize),
    colour: nodes.map((n) => colour(n.community)), alpha: nodes.map((_, i) => (shown(i) ? 0.9 : 0.15)),
    tip: nodes.map((n) => `${n.term} · ${whole(n.n)}`),
  };
  const onFocus = (e) => focus < 0 || e[0] === focus || e[1] === focus;
  model("graph", "links").data = {
    x0: edges.map((e) => nodes[e[0]].x), y0: edges.map((e) => nodes[e[0]].y),
    x1: edges.map((e) => nodes[e[1]].x), y1: edges.map((e) => nodes[e[1]].y),
    width: edges.map((e) => 0.6 + 3.4 * (e[4] / heaviest) ** 2),
    alpha: edges.map((e) => (onFocus(e) ? 0.12 + 0.45 * (e[4] / heaviest) : 0.04)),
  };
  const list = [...named].filter(shown);
  model("graph", "names").data = {
    x: list.map((i) => nodes[i].x), y: list.map((i) => nodes[i].y), name: list.map((i) => nodes[i].term),
    offset: list.map((i) => nodeSize(nodes[i]) / 2 + 1), size: list.map((i) => (i === focus ? "15px" : "12.5px")),
  };
}

function zoomGraph(factor, centre) {
  const plot = model("graph", "graph");
  for (const range of [plot.x_range, plot.y_range]) {
    const axis = range === plot.x_range ? "x" : "y";
    const middle = centre ? centre[axis] : (range.start + range.end) / 2;
    const half = ((range.end - range.start) / 2) * factor;
    [range.start, range.end] = [middle - half, middle + half];
  }
}

function resetGraph() {
  const plot = model("graph", "graph");
  for (const [range, values] of [[plot.x_range, data.graph.nodes.map((n) => n.x)], [plot.y_range, data.graph.nodes.map((n) => n.y)]]) {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const room = 0.12 * (high - low) + 0.05;
    [range.start, range.end] = [low - room, high + room];
  }
  graphView.focus = -1;
  byId("graph-find").value = "";
  paintGraph();
}

function findNode() {
  const query = byId("graph-find").value.trim();
  const exact = data.graph.nodes.findIndex((node) => node.term === query);
  graphView.focus = exact >= 0 || !query ? exact : data.graph.nodes.findIndex((node) => node.term.includes(query));
  paintGraph();
}

function startGraph() {
  const plot = model("graph", "graph");
  plot.height = Math.round(Math.min(620, Math.max(380, byId("chart-graph").clientWidth * 0.75)));
  let painting = 0;
  for (const range of [plot.x_range, plot.y_range]) {
    range.change.connect(() => {
      painting ||= requestAnimationFrame(() => ((painting = 0), paintGraph()));
    });
  }
  // A finger on the graph scrolls the page until the reader has zoomed in; then it moves the graph.
  const touch = matchMedia("(pointer: coarse)").matches, pan = model("graph", "pan");
  const holding = (on) => {
    pan.active = on;
    plot.stylesheets = [`.bk-events { touch-action: ${on ? "none" : "pan-y"} !important; }`];
  };
  if (touch) holding(false);
  onTap("graph", ["dots", "links"], (name, row) => showPassages(name === "dots" ? { node: row } : { edge: data.graph.edges[row].slice(0, 2) }));
  byId("zoom-in").addEventListener("click", () => (zoomGraph(0.7, data.graph.nodes[graphView.focus]), touch && holding(true)));
  byId("zoom-out").addEventListener("click", () => zoomGraph(1 / 0.7));
  byId("zoom-reset").addEventListener("click", () => (resetGraph(), touch && holding(false)));
  byId("graph-find").addEventListener("input", findNode);
  byId("graph-find").addEventListener("keydown", (event) => event.key === "Enter" && graphView.focus >= 0 && showPassages({ node: graphView.focus }));
  resetGraph();
}

function showGraphTables() {
  const { nodes, edges } = data.graph;
  const nodeRows = nodes.map((n, i) => [n.term, ...[n.n, n.docfreq, n.degree].map((number) => link(whole(number), { node: i })), fixed(n.strength, 2)]);
  const edgeRows = edges.map((e) => [`${nodes[e[0]].term} — ${nodes[e[1]].term}`, link(whole(e[2]), { edge: [e[0], e[1]] }), link(fixed(e[4], 3), { edge: [e[0], e[1]] })]);
  byId("graph-names").replaceChildren(...nodes.map((n) => el("option", { value: n.term })));
  byId("graph-tables").replaceChildren(
    el("div", {}, el("h3", {}, word("concepts")), table([[word("term")], [word("count"), "r"], [word("docfreq"), "r"], [word("degree"), "r"], [word("strength"), "r"]], nodeRows, 15)),
    el("div", {}, el("h3", {}, word("links")), table([[word("term")], [word("count"), "r"], [word("weight"), "r"]], edgeRows, 15)),
  );
}

// ---- terms by group

const groupWord = () => word({ year: "year", region: "region", id: "document" }[groups.by] ?? "group");

function groupCounts(term) {
  const counts = groups.names.map(() => 0);
  for (const [a] of termPlaces(term)) {
    const group = data.documents[paragraphs[paragraphAt(a)].doc].group;
    if (group >= 0) counts[group] += 1;
  }
  return counts;
}

// Names of groups for an axis: short, and no two the same.
function axisNames() {
  const seen = new Map();
  return groups.names.map((name) => {
    const short = name.length > 10 ? `${name.slice(0, 9)}…` : name;
    seen.set(short, (seen.get(short) ?? 0) + 1);
    return seen.get(short) > 1 ? `${short}${seen.get(short)}` : short;
  });
}

// The axis of the groups: their numbers, or a row for each, the first on top; gives where a group lies on it.
function groupAxis(plot) {
  if (groups.ordered) {
    const [first, last] = [Math.min(...groups.names), Math.max(...groups.names)];
    [plot.x_range.start, plot.x_range.end] = [first - 0.7, last + 0.7];
    return (g) => groups.names[g];
  }
  const names = axisNames();
  plot.y_range.factors = [...names].reverse();
  return (g) => names[g];
}

function showTrends() {
  const counts = trend.terms.map(groupCounts), all = [...groups.names.keys()];
  const per = (n, group) => (n * 10000) / groups.characters[group];
  byId("trend-chosen").replaceChildren(...trend.terms.map((term, i) => el("li", { colour: colour(i) },
    link(data.terms[term], { term }), ` ${whole(counts[i].reduce((a, b) => a + b, 0))} `,
    el("button", { type: "button", class: "x", "aria-label": `${word("remove")} ${data.terms[term]}`, onclick: () => {
      trend.terms = trend.terms.filter((other) => other !== term);
      showTrends();
    } }, "×"))));
  const heads = [[groupWord()], ...trend.terms.map((term) => [data.terms[term], "r"])];
  byId("trend-table").replaceChildren(table(heads, groups.names.map((name, g) => [String(name),
    ...trend.terms.map((term, i) => el("span", {}, link(counts[i][g], { term, group: g }), ` (${fixed(per(counts[i][g], g), 2)})`))])));
  if (!charts.has("trends")) return;
  const plot = model("trends", "trends"), place = groupAxis(plot);
  const limit = (n, g, side) => per(groups.intervals[n][side], g);
  const dots = trend.terms.flatMap((term, i) => all.map((g) => ({ term, i, g, rate: per(counts[i][g], g) })));
  const most = Math.max(0.1, ...dots.map((dot) => dot.rate));
  const rates = groups.ordered ? plot.y_range : plot.x_range, axis = groups.ordered ? plot.left[0] : plot.below[0];
  [rates.start, rates.end] = [groups.ordered ? 0 : -0.02 * most, 1.2 * most];
  axis.axis_label = word("rate");
  const colours = dots.map(({ i }) => colour(i)), step = 0.7 / Math.max(trend.terms.length, 1);
  const beside = (i, g) => [place(g), step * ((trend.terms.length - 1) / 2 - i)];
  trend.rows = dots.map(({ term, g }) => ({ term, group: g }));
  const look = { colour: colours, mark: dots.map(({ i }) => MARKS[i % MARKS.length]),
    tip: dots.map(({ term, i, g, rate }) => `${data.terms[term]} · ${groupName(g)} · ${whole(counts[i][g])} (${fixed(rate, 2)})`) };
  if (groups.ordered) {
    model("trends", "points").data = { x: dots.map(({ g }) => place(g)), y: dots.map(({ rate }) => rate), ...look };
    const lines = counts.map((_, i) => colour(i)), xs = all.map(place), back = [...all].reverse();
    model("trends", "lines").data = { xs: counts.map(() => xs), ys: counts.map((row) => all.map((g) => per(row[g], g))), colour: lines };
    model("trends", "limits").data = { xs: counts.map(() => [...xs, ...back.map(place)]),
      ys: counts.map((row) => [...all.map((g) => limit(row[g], g, 0)), ...back.map((g) => limit(row[g], g, 1))]), colour: lines };
    return;
  }
  plot.height = 60 + Math.max(34, 8 + 11 * trend.terms.length) * all.length;
  model("trends", "points").data = { x: dots.map(({ rate }) => rate), y: dots.map(({ i, g }) => beside(i, g)), ...look };
  model("trends", "limits").data = { xs: dots.map(({ i, g }) => [0, 1].map((side) => limit(counts[i][g], g, side))),
    ys: dots.map(({ i, g }) => [beside(i, g), beside(i, g)]), colour: colours };
}

function addTrend() {
  const term = termOf(byId("trend-add").value.trim());
  if (term === undefined) return;
  trend.terms = [...trend.terms.filter((other) => other !== term), term].slice(-data.colours.length);
  byId("trend-add").value = "";
  showTrends();
}

// ---- label shares

function shareRows() {
  return groups.names.flatMap((_, group) => {
    let at = 0;
    return data.labels.map((_, label) => ({ group, label, from: at, to: (at += groups.shares[group][label][1]) }));
  });
}

function showShares() {
  const names = data.labels.map((label) => label.words[language]);
  if (!groups) {
    const counts = countLabels(paragraphs.map((p) => p.label)), total = counts.reduce((a, b) => a + b, 0);
    byId("share-table").replaceChildren(shareStack(counts), table([[word("label")], [word("paragraphs"), "r"], [word("share"), "r"]],
      names.map((name, i) => [name, link(whole(counts[i]), { label: i }), link(percent(counts[i] / total), { label: i })])));
    return;
  }
  const cell = ([n, share, low, high], label, group) => el("span", {}, link(percent(share), { label, group }), ` (${n}; ${percent(low)}–${percent(high)})`);
  byId("share-table").replaceChildren(table([[groupWord()], ...names.map((name) => [name, "r"])],
    groups.names.map((name, g) => [String(name), ...groups.shares[g].map((row, i) => cell(row, i, g))])));
  if (!charts.has("shares")) return;
  const plot = model("shares", "shares"), place = groupAxis(plot), rows = shareRows();
  if (!groups.ordered) plot.height = 50 + 30 * groups.names.length;
  model("shares", "bars").data = {
    at: rows.map((r) => place(r.group)), from: rows.map((r) => r.from), to: rows.map((r) => r.to),
    colour: rows.map((r) => data.labels[r.label].colour),
    tip: rows.map((r) => `${groupName(r.group)} · ${labelName(r.label)} · ${percent(r.to - r.from)}`),
  };
}

// ---- keyness

function showKeyness() {
  const select = byId("keyness-group"), before = select.value;
  select.replaceChildren(...groups.names.map((name, g) => el("option", { value: g }, String(name))));
  select.value = before === "" ? groups.names.length - 1 : before;
  const group = Number(select.value), rows = groups.keyness[group];
  const most = Math.max(...rows.map((row) => Math.abs(row[3])));
  const half = (g2, sign) => {
    const bar = el("i");
    bar.style.width = Math.sign(g2) === sign ? `${(100 * Math.abs(g2)) / most}%` : "0";
    return el("span", { class: sign < 0 ? "bar below" : "bar" }, bar);
  };
  const head = ["term", "below", "above", "n_here"].map((key, i) => el("span", { class: ["", "c", "h", "c"][i] }, i ? word(key) : groupName(group), i === 3 ? ` / ${word("n_elsewhere")}` : ""));
  const bars = rows.flatMap(([term, n, elsewhere, g2]) => [link(data.terms[term], { term }), half(g2, -1), half(g2, 1),
    el("span", { class: "c" }, el("span", { class: "g2" }, `G² ${fixed(g2, 2)} · `), link(whole(n), { term, group }), " / ", link(whole(elsewhere), { term, except: group }))]);
  byId("keyness-rows").replaceChildren(rows.length ? el("div", { class: "bars" }, ...head, ...bars) : el("p", { class: "note" }, word("nothing_key")));
}

// ---- emergence

function showEmergence() {
  const sides = ["rising", "falling"].filter((side) => groups[side].length);
  byId("emergence-side").replaceChildren(...sides.map((side) => el("button", { type: "button", class: "tool", "aria-pressed": String(side === emergence.side), onclick: () => {
    emergence.side = side;
    showEmergence();
  } }, word(side))));
  const rows = groups[emergence.side], at = (g) => groups.names[g];
  byId("chart-emergence").hidden = byId("emergence-table").parentNode.hidden = !rows.length;
  byId("emergence-table").replaceChildren(table(
    [[word("term")], [word("count"), "r"], ...["first", "last", "peak", "change"].map((key) => [word(key), "r"]), [word("before_after"), "r"]],
    rows.map(([term, n, first, last, peak, change, before, after]) => [data.terms[term], link(whole(n), { term }),
      ...[first, last, peak, change].map((g) => link(groupName(g), { term, group: g })), `${fixed(before, 2)} → ${fixed(after, 2)}`])));
  const fresh = groups.names.map((_, g) => groups.new.filter((row) => row[0] === g));
  const news = groups.names.flatMap((name, g) => (fresh[g].length ? [[String(name), el("span", {}, ...fresh[g].flatMap(([, term, n]) => [link(data.terms[term], { term, group: g }), ` ${n}　`]))]] : []));
  byId("emergence-new").replaceChildren(...(news.length ? [el("details", { open: !rows.length }, el("summary", {}, word("new")), table([[groupWord()], [word("term")]], news))] : []));
  if (!charts.has("emergence") || !rows.length) return;
  const names = rows.map((row) => data.terms[row[0]]), plot = model("emergence", "emergence");
  plot.y_range.factors = [...names].reverse();
  plot.height = 60 + 22 * names.length;
  [plot.x_range.start, plot.x_range.end] = [at(0) - 0.7, at(groups.names.length - 1) + 0.7];
  const marks = rows.flatMap((row) => [[row, 4, "circle", "#0072B2", 9], [row, 5, "diamond", "#D55E00", 13]]);
  const tip = (row) => `${data.terms[row[0]]} · ${at(row[2])}–${at(row[3])} · ${fixed(row[6], 2)} → ${fixed(row[7], 2)}`;
  emergence.terms = { spans: rows.map((row) => row[0]), marks: marks.map(([row]) => row[0]) };
  model("emergence", "spans").data = { term: names, first: rows.map((row) => at(row[2]) - 0.4), last: rows.map((row) => at(row[3]) + 0.4), tip: rows.map(tip) };
  model("emergence", "marks").data = {
    x: marks.map(([row, i]) => at(row[i])), term: marks.map(([row]) => data.terms[row[0]]), mark: marks.map((m) => m[2]), colour: marks.map((m) => m[3]),
    size: marks.map((m) => m[4]), tip: marks.map(([row]) => tip(row)),
  };
}

function showSections() {
  if (byId("graph")) showGraphTables();
  if (byId("trends")) showTrends();
  if (byId("shares")) showShares();
  if (byId("keyness")) showKeyness();
  if (byId("emergence")) showEmergence();
}

byId("trend-add")?.addEventListener("change", addTrend);
byId("keyness-group")?.addEventListener("change", showKeyness);
const section = readHash();
show();
if (section) section.scrollIntoView();
drawCharts();
