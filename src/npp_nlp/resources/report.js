// The page's script: reads the data of the page, lists passages, shows documents. Charts are in report_charts.js.
// Text from documents reaches the page through textContent only. Offsets are UTF-16 units of `text`.
"use strict";

const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const groups = data.groups;
const PAGE = 50, WIDTH = 40, SHORT = 20000; // passages at a time, characters beside a term, characters shown unasked
let language = data.language === "en" ? 1 : 0;

const paragraphs = [];
for (const [number, doc] of data.documents.entries()) {
  doc.first = paragraphs.length;
  doc.paragraphs.forEach((text, i) => paragraphs.push({ doc: number, i, text, label: doc.labels[i], start: 0 }));
}
paragraphs.reduce((at, p) => ((p.start = at), at + p.text.length + 1), 0);
const text = paragraphs.map((p) => p.text).join("\n");

// ---- words and elements

function word(key, values = {}) {
  return data.words[key][language].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function el(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "class") node.className = value;
    else if (name === "colour") node.style.setProperty("--c", value);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const link = (label, show) => el("a", { href: "#passages", class: "n", "data-show": JSON.stringify(show) }, String(label));
const whole = (n) => n.toLocaleString("en-US");
const fixed = (x, places) => (x === null ? "–" : x.toFixed(places));
const percent = (x) => `${Math.round(100 * x)}%`;
const labelName = (label) => data.labels[label].words[language];
const groupName = (group) => String(groups.names[group]);

function table(heads, rows, limit = Infinity) {
  const line = (row) => el("tr", {}, ...row.map((cell, i) => el("td", { class: heads[i][1] || "k" }, cell)));
  const body = el("tbody", {}, ...rows.slice(0, limit).map(line));
  const head = el("tr", {}, ...heads.map(([name, kind]) => el("th", { class: kind || "", scope: "col" }, name)));
  const made = el("div", { class: "wide" }, el("table", {}, el("thead", {}, head), body));
  if (rows.length > limit) {
    const more = el("button", { type: "button", class: "tool", onclick: () => {
      body.append(...rows.slice(limit).map(line));
      more.remove();
    } }, `${word("more")} (${rows.length - limit})`);
    made.append(more);
  }
  return made;
}

// ---- where things stand

function unpack(pack, number, size) {
  pack.cache ??= new Map();
  if (!pack.cache.has(number)) {
    const odd = new Map();
    const lengths = pack.lengths[number];
    for (let i = 0; i < lengths.length; i += 2) odd.set(lengths[i], lengths[i + 1]);
    let at = 0;
    pack.cache.set(number, pack.mentions[number].map((step, i) => [(at += step), at + (odd.get(i) ?? size)]));
  }
  return pack.cache.get(number);
}

const termPlaces = (term) => unpack(data, term, data.terms[term].length);
const nodePlaces = (node) => unpack(data.graph, node, data.graph.nodes[node].term.length);

function paragraphAt(place) {
  let low = 0, high = paragraphs.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (paragraphs[middle].start <= place) low = middle;
    else high = middle;
  }
  return low;
}

// A term is known by any of its forms, whatever the quotes, widths and case.
const plain = (form) => form.normalize("NFKC").toLowerCase().replace(/[“”„‟〝〞"「」『』﹁﹂﹃﹄‘’‚‛']/g, "");
const forms = new Map();
for (const [form, number] of [...data.terms.map((term, i) => [term, i]), ...Object.entries(data.variants)]) {
  if (!forms.has(plain(form))) forms.set(plain(form), number);
}
const termOf = (query) => forms.get(plain(query));

function literalPlaces(query) {
  const places = [];
  for (let at = text.indexOf(query); at >= 0; at = text.indexOf(query, at + query.length)) places.push([at, at + query.length]);
  return places;
}

function sentences(from, to) {
  const rule = /[^。！？!?…\n]*(?:[。！？!?…]+[”’」』）)\]】》"']*|\n+|$)/g;
  const found = [];
  for (const match of text.slice(from, to).matchAll(rule)) {
    if (match[0]) found.push([from + match.index, from + match.index + match[0].length]);
  }
  return found;
}

// The contexts that hold two concepts: with the marks in them, how many pairs of places were counted, and whether one
// sentence holds both.
function edgeHits(one, two) {
  const graph = data.graph;
  const contextOf = (node, i, place) => (graph.sentences ? graph.sentence[offsetOf(node) + i] : paragraphAt(place));
  const offsetOf = (node) => graph.mentions.slice(0, node).reduce((sum, list) => sum + list.length, 0);
  const contexts = new Map();
  [one, two].forEach((node, side) => nodePlaces(node).forEach(([a, b], i) => {
    const context = contextOf(node, i, a);
    if (!contexts.has(context)) contexts.set(context, [[], []]);
    const position = graph.position ? graph.position[offsetOf(node) + i] : 0;
    contexts.get(context)[side].push([a, b, position]);
  }));
  const hits = [];
  for (const [context, sides] of [...contexts].sort((a, b) => a[0] - b[0])) {
    const near = sides[0].flatMap((a) => sides[1].filter((b) => !graph.window || Math.abs(a[2] - b[2]) <= graph.window).map((b) => [a, b]));
    if (!near.length) continue;
    const p = paragraphAt(sides[0][0][0]);
    const [from, to] = graph.sentences ? [graph.sentences[2 * context], graph.sentences[2 * context + 1]]
      : [paragraphs[p].start, paragraphs[p].start + paragraphs[p].text.length];
    const marks = [...new Set(near.flat())].map((m) => [m[0], m[1], sides[0].includes(m) ? "" : "two"]).sort((a, b) => a[0] - b[0]);
    const inside = sentences(from, to).filter(([a, b]) => marks.some((m) => m[0] >= a && m[1] <= b));
    const both = inside.filter(([a, b]) => ["", "two"].every((kind) => marks.some((m) => m[2] === kind && m[0] >= a && m[1] <= b)));
    hits.push({ p, marks, pieces: inside, n: near.length, same: both.length });
  }
  return hits;
}

// What a click or a search asks for: {term}, {text}, {node}, {edge: [a, b]} or nothing of these, with the filters doc, group,
// except (any other group) and label; the passages in reading order.
function passages(show) {
  let hits;
  if (show.edge) hits = edgeHits(...show.edge);
  else if (show.term !== undefined || show.node !== undefined || show.text) {
    const places = show.term !== undefined ? termPlaces(show.term) : show.node !== undefined ? nodePlaces(show.node) : literalPlaces(show.text);
    hits = places.map(([a, b]) => ({ p: paragraphAt(a), marks: [[a, b, ""]] }));
  } else hits = paragraphs.map((_, p) => ({ p, marks: [] }));
  return hits.filter(({ p }) => (show.doc === undefined || paragraphs[p].doc === show.doc)
    && (show.group === undefined || data.documents[paragraphs[p].doc].group === show.group)
    && (show.except === undefined || ![-1, show.except].includes(data.documents[paragraphs[p].doc].group))
    && (show.label === undefined || paragraphs[p].label === show.label));
}

// ---- lists of passages

function marked(from, to, marks) {
  const parts = [];
  let at = from;
  for (const [a, b, kind] of marks) {
    if (a < at || b > to) continue;
    parts.push(text.slice(at, a), el("mark", { class: kind }, text.slice(a, b)));
    at = b;
  }
  return [...parts, text.slice(at, to)];
}

function kwic(hit) {
  const p = paragraphs[hit.p], end = p.start + p.text.length;
  const line = el("span", { class: "kwic", lang: "zh-CN", dir: "auto" });
  if (hit.pieces) {
    let last = p.start;
    for (const [a, b] of hit.pieces) {
      if (a > last) line.append("…");
      line.append(...marked(a, b, hit.marks));
      last = b;
    }
    if (last < end) line.append("…");
  } else if (hit.marks.length) {
    const [a, b] = hit.marks[0], from = Math.max(p.start, a - WIDTH), to = Math.min(end, b + WIDTH);
    line.classList.add("line");
    line.append(el("span", { class: "left" }, el("span", {}, (from > p.start ? "…" : "") + text.slice(from, a))),
      el("mark", {}, text.slice(a, b)), el("span", { class: "right" }, text.slice(b, to) + (to < end ? "…" : "")));
  } else line.append(p.text);
  return line;
}

function hitItem(hit) {
  const p = paragraphs[hit.p], doc = data.documents[p.doc];
  const from = el("span", { class: "from" }, el("bdi", {}, doc.title), groups && doc.group >= 0 && groups.by !== "id" ? groupName(doc.group) : null);
  if (p.label >= 0) from.append(el("span", { class: "tag", colour: data.labels[p.label].colour }, labelName(p.label)));
  if (hit.same) from.append(word("same_sentence"));
  if (hit.n > 1) from.append(word("pairs", { n: hit.n }));
  from.append(el("a", { href: `#p${hit.p}`, class: "n", "data-paragraph": hit.p }, `${word("open_paragraph")} ${p.i}`));
  return el("li", {}, kwic(hit), from);
}

function listHits(box, hits, notes = []) {
  const unit = hits.length && !hits[0].marks.length ? "paragraph_hits" : hits.length === 1 ? "hits_one" : "hits";
  const count = el("strong", { "data-count": hits.length }, word(unit, { n: whole(hits.length) }));
  const list = el("ol", { class: "hits" }), place = el("span", { class: "dim" });
  let at = 0;
  const turn = (by) => {
    at += by;
    list.replaceChildren(...hits.slice(at, at + PAGE).map(hitItem));
    place.textContent = word("page", { a: at + 1, b: Math.min(at + PAGE, hits.length) });
    [back.disabled, on.disabled] = [at === 0, at + PAGE >= hits.length];
  };
  const back = el("button", { type: "button", class: "tool", onclick: () => turn(-PAGE) }, word("earlier"));
  const on = el("button", { type: "button", class: "tool", onclick: () => turn(PAGE) }, word("later"));
  box.replaceChildren(el("p", {}, count, " ", el("span", { class: "dim" }, notes.join(" "))), list);
  if (hits.length) turn(0);
  else list.append(el("li", {}, word("nothing")));
  if (hits.length > PAGE) box.append(el("p", { class: "tools" }, back, place, on));
}

function showPassages(show) {
  const hits = passages(show), notes = [], extra = [];
  let title = "";
  if (show.edge) {
    const [a, b] = show.edge.map((i) => data.graph.nodes[i].term);
    title = `${a} — ${b}`;
    const n = hits.reduce((sum, hit) => sum + hit.n, 0), same = hits.reduce((sum, hit) => sum + hit.same, 0);
    notes.push(word("edge_note", { n: whole(n), contexts: whole(hits.length), unit: word(`unit_${data.graph.context}`), same: whole(same) }));
  } else if (show.node !== undefined) {
    const node = data.graph.nodes[show.node];
    title = node.term;
    notes.push(word("node_note", { n: whole(node.n), docs: node.docfreq }));
    extra.push(el("h3", {}, word("neighbours")), neighbours(show.node));
  } else if (show.term !== undefined) {
    title = data.terms[show.term];
    notes.push(word("known", { term: title }));
    extra.push(el("p", {}, el("button", { type: "button", class: "tool", onclick: () => openSearch(show) }, word("in_search"))));
  } else title = show.label === undefined ? word("paragraphs") : labelName(show.label);
  const within = [show.group === undefined ? "" : groupName(show.group), show.except === undefined ? "" : `${word("n_elsewhere")} (≠ ${groupName(show.except)})`, show.doc === undefined ? "" : data.documents[show.doc].title];
  byId("passages-title").textContent = [title, ...within].filter(Boolean).join(" · ");
  const list = el("div");
  listHits(list, hits, notes);
  byId("passages-body").replaceChildren(list, ...extra);
  if (!byId("passages").open) byId("passages").showModal();
  byId("passages").scrollTop = 0;
}

function neighbours(node) {
  const linked = data.graph.edges.filter((edge) => edge[0] === node || edge[1] === node);
  return el("ul", { class: "chips" }, ...linked.map((edge) => {
    const other = edge[0] === node ? edge[1] : edge[0];
    return el("li", {}, link(data.graph.nodes[other].term, { edge: [edge[0], edge[1]] }), ` ${edge[2]}`);
  }));
}

// ---- the concordance

const numberIn = (id) => (byId(id) && byId(id).value !== "" ? Number(byId(id).value) : undefined);

function search() {
  const query = byId("query").value.trim();
  const show = { doc: numberIn("in-document"), group: numberIn("in-group"), label: numberIn("in-label") };
  const notes = [];
  if (termOf(query) !== undefined) {
    show.term = termOf(query);
    notes.push(word("known", { term: data.terms[show.term] }));
  } else if (query) {
    show.text = query;
    notes.push(word("literal"));
  } else if (show.label === undefined) return byId("search-hits").replaceChildren();
  return listHits(byId("search-hits"), passages(show), notes);
}

function openSearch(show) {
  byId("passages").close();
  byId("query").value = data.terms[show.term];
  for (const [id, value] of [["in-document", show.doc], ["in-group", show.group], ["in-label", show.label]]) {
    if (byId(id)) byId(id).value = value ?? "";
  }
  search();
  byId("search").scrollIntoView();
  byId("query").focus({ preventScroll: true });
}

function choices(select, names) {
  const before = select.value;
  select.replaceChildren(el("option", { value: "" }, word("all")), ...names.map((name, i) => el("option", { value: i }, name)));
  select.value = before;
}

// ---- documents

function paragraphNode(number, places) {
  const p = paragraphs[number], doc = data.documents[p.doc], end = p.start + p.text.length;
  const cues = doc.cues[p.i], kind = data.kinds[doc.kinds[p.i]];
  const spans = [];
  for (let i = 0; i < cues.length; i += 2) spans.push([p.start + cues[i], p.start + cues[i + 1], "u"]);
  for (const [a, b] of places) if (a >= p.start && b <= end) spans.push([a, b, "mark"]);
  const edges = [...new Set([p.start, end, ...spans.flatMap((s) => [s[0], s[1]])])].sort((a, b) => a - b);
  const pieces = edges.slice(1).map((b, i) => {
    let piece = text.slice(edges[i], b);
    for (const tag of ["u", "mark"]) if (spans.some((s) => s[2] === tag && s[0] <= edges[i] && s[1] >= b)) piece = el(tag, {}, piece);
    return piece;
  });
  const said = [p.i, kind[language], ...(p.label >= 0 ? [labelName(p.label), `${doc.scores[p.i]}%`] : [])].join(" · ");
  const heads = ["title", "subtitle", "heading"].includes(kind[1]);
  return el("div", { class: `p${heads ? " heading" : ""}`, id: `p${number}`, tabindex: -1, lang: "zh-CN", dir: "auto",
    colour: p.label >= 0 ? data.labels[p.label].colour : "" }, el("small", {}, said), ...pieces);
}

function fillDocument(number) {
  const doc = data.documents[number], box = byId(`text${number}`);
  const last = doc.first + doc.paragraphs.length - 1;
  if (last < doc.first) return;
  const from = paragraphs[doc.first].start, to = paragraphs[last].start + paragraphs[last].text.length;
  const places = doc.terms.flatMap(([term]) => termPlaces(term).filter(([a]) => a >= from && a < to));
  box.replaceChildren(...doc.paragraphs.map((_, i) => paragraphNode(doc.first + i, places)));
}

function openParagraph(number) {
  byId("passages").close();
  const doc = paragraphs[number].doc;
  byId(`open${doc}`).open = true;
  fillDocument(doc);
  const node = byId(`p${number}`);
  document.querySelectorAll(".p.there").forEach((other) => other.classList.remove("there"));
  node.classList.add("there");
  node.scrollIntoView({ block: "center" });
  node.focus({ preventScroll: true });
}

function shareStack(counts) {
  const stack = el("div", { class: "stack", "aria-hidden": "true" });
  const total = counts.reduce((a, b) => a + b, 0);
  counts.forEach((n, label) => {
    if (!n) return;
    const part = el("i", { colour: data.labels[label].colour });
    part.style.width = `${(100 * n) / total}%`;
    stack.append(part);
  });
  return stack;
}

function countLabels(labels) {
  return data.labels.map((_, label) => labels.filter((one) => one === label).length);
}

function showDocuments() {
  const list = byId("document-list");
  const open = new Set([...list.querySelectorAll("details[open]")].map((node) => node.id));
  if (!list.firstChild && text.length < SHORT) data.documents.forEach((doc, i) => doc.paragraphs.length && open.add(`open${i}`));
  list.replaceChildren(...data.documents.map((doc, number) => {
    const size = doc.paragraphs.reduce((sum, p) => sum + p.length + 1, 0);
    const facts = [...doc.facts, word("n_paragraphs", { n: whole(doc.paragraphs.length) }), word("characters", { n: whole(Math.max(size - 1, 0)) })];
    const counts = countLabels(doc.labels);
    const chips = el("ul", { class: "chips" }, ...doc.terms.map(([term, n]) => el("li", {}, `${data.terms[term]} `, link(n, { term, doc: number }))));
    const full = el("details", { id: `open${number}`, ontoggle: (event) => event.target.open && !byId(`text${number}`).firstChild && fillDocument(number) },
      el("summary", {}, word("show")), el("div", { id: `text${number}` }));
    const said = el("p", { class: "dim" }, el("bdi", {}, doc.id === doc.title ? "" : `${doc.id} · `), facts.join(" · "));
    const parts = counts.flatMap((n, label) => (n ? [el("span", { class: "tag", colour: data.labels[label].colour }, labelName(label), " ", link(n, { label, doc: number }))] : []));
    return el("article", { class: "doc", id: `d${number}` }, el("h3", { lang: "zh-CN", dir: "auto" }, doc.title), said,
      ...(parts.length ? [shareStack(counts), el("p", { class: "dim" }, ...parts)] : []), chips, doc.paragraphs.length ? full : null);
  }));
  for (const id of open) byId(id).open = true;
}

// ---- language, hash, start

function key(box) {
  if (box) box.replaceChildren(...data.labels.map((label) => el("span", {}, el("i", { colour: label.colour }), label.words[language])));
}

function show() {
  document.documentElement.lang = language ? "en" : "zh-CN";
  document.title = word("title");
  byId("language").textContent = word("language");
  document.querySelector("nav").setAttribute("aria-label", word("sections"));
  byId("passages-close").textContent = word("close");
  key(byId("document-key"));
  key(byId("share-key"));
  if (byId("documents")) showDocuments();
  if (byId("search")) {
    choices(byId("in-document"), data.documents.map((doc) => doc.title));
    choices(byId("in-label"), data.labels.map((label) => label.words[language]));
    if (byId("in-group")) choices(byId("in-group"), groups.names.map(String));
    search();
  }
  showSections();
}

// The hash holds the language and the section: #lang=en&at=graph. A plain #graph is a link of the browser's own.
function readHash() {
  const said = new URLSearchParams(location.hash.slice(1));
  const wanted = said.get("lang");
  if (wanted === "en" || wanted === "zh") language = wanted === "en" ? 1 : 0;
  return byId(said.get("at") ?? "");
}

const hash = (at) => `#lang=${language ? "en" : "zh"}${at ? `&at=${at}` : ""}`;

document.addEventListener("click", (event) => {
  const asked = event.target.closest("[data-show], [data-paragraph], nav a");
  if (!asked) return;
  event.preventDefault();
  if (asked.dataset.show) showPassages(JSON.parse(asked.dataset.show));
  else if (asked.dataset.paragraph) openParagraph(Number(asked.dataset.paragraph));
  else location.hash = hash(asked.getAttribute("href").slice(1));
});
byId("passages").addEventListener("click", (event) => event.target === byId("passages") && byId("passages").close());
byId("passages-close").addEventListener("click", () => byId("passages").close());
byId("language").addEventListener("click", () => (location.hash = `#lang=${language ? "zh" : "en"}`));
window.addEventListener("hashchange", () => {
  const before = language, section = readHash();
  if (language !== before) show();
  if (section) section.scrollIntoView();
});
if (byId("search")) {
  byId("term-names").append(...data.terms.map((term) => el("option", { value: term })));
  ["query", "in-document", "in-group", "in-label"].forEach((id) => byId(id)?.addEventListener("input", search));
}
