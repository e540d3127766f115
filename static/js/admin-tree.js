/* The category tree: branches unfold in place, rows are dragged, Alt with an arrow key moves a row. Every move is the
   same form a button would send. Everything works without this. */

const tree = document.querySelector("[data-tree]");
const form = document.getElementById("tree-move");
const OPEN_AFTER = 700;
let dragged = null;
let waiting = 0;

const rowOf = (element) => element?.closest?.("[data-category]") ?? null;
const lineOf = (row) => row.querySelector(":scope > [data-line]");
const listOf = (row) => row.querySelector(":scope > ul");
const toggleOf = (row) => row.querySelector(":scope > [data-line] [data-toggle]");
const parentOf = (row) => rowOf(row.parentElement);
const isOpen = (row) => toggleOf(row)?.getAttribute("aria-expanded") === "true" && Boolean(listOf(row));

function openOnes() {
  const found = [...tree.querySelectorAll("[data-toggle][aria-expanded=true]")].map((each) => rowOf(each).dataset.category);
  return found.length > 300 ? "all" : found.join(".");
}

async function unfold(row) {
  const toggle = toggleOf(row);
  if (!listOf(row)) {
    const asked = new URLSearchParams({ branch: row.dataset.category, open: openOnes() });
    const answer = await fetch(`${tree.dataset.branchUrl}?${asked}`, { headers: { "X-Fragment": "branch" } });
    if (!answer.ok) {
      window.location.assign(toggle.href);
      return;
    }
    const holder = document.createElement("template");
    holder.innerHTML = (await answer.text()).trim();
    if (!listOf(row)) row.append(holder.content.querySelector("ul"));
    ready(row);
  }
  listOf(row).hidden = false;
  toggle.setAttribute("aria-expanded", "true");
}

function fold(row) {
  listOf(row).hidden = true;
  toggleOf(row).setAttribute("aria-expanded", "false");
}

function send(deed, row, place = {}) {
  const values = { deed, category: row.dataset.category, seen: row.dataset.seen, open: openOnes(), parent: "", before: "", ...place };
  Object.entries(values).forEach(([name, value]) => {
    form.elements.namedItem(name).value = value;
  });
  form.submit();
}

function whereOn(row, event) {
  const box = lineOf(row).getBoundingClientRect();
  const at = (event.clientY - box.top) / box.height;
  if (at < 0.3) return "before";
  return at > 0.7 ? "after" : "into";
}

function placeAt(row, where) {
  const own = row.dataset.category;
  const parent = parentOf(row)?.dataset.category ?? "";
  if (where === "into") return { parent: own, before: "" };
  if (where === "before") return { parent, before: own };
  const first = isOpen(row) && listOf(row).querySelector(":scope > [data-category]");
  if (first) return { parent: own, before: first.dataset.category };
  let next = row.nextElementSibling;
  if (next === dragged) next = next.nextElementSibling;
  return { parent, before: next?.dataset.category ?? next?.dataset.next ?? "" };
}

function unmark() {
  tree.querySelectorAll(".drop-before, .drop-after, .drop-into").forEach((line) => {
    line.classList.remove("drop-before", "drop-after", "drop-into");
  });
  window.clearTimeout(waiting);
  waiting = 0;
}

function ready(part) {
  if (!form) return;
  part.querySelectorAll("[data-line]").forEach((line) => {
    line.draggable = true;
    line.querySelectorAll("a").forEach((link) => {
      link.draggable = false;
    });
  });
}

function over(event) {
  const row = rowOf(event.target);
  if (!dragged || !row || dragged.contains(row)) return;
  event.preventDefault();
  const where = whereOn(row, event);
  const line = lineOf(row);
  if (line.classList.contains(`drop-${where}`)) return;
  unmark();
  line.classList.add(`drop-${where}`);
  if (where === "into" && toggleOf(row) && !isOpen(row)) waiting = window.setTimeout(() => unfold(row), OPEN_AFTER);
}

if (tree) {
  ready(tree);
  tree.classList.add("ready");
  tree.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-toggle]");
    if (!toggle || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const row = rowOf(toggle);
    if (isOpen(row)) fold(row);
    else unfold(row);
  });
  if (window.location.hash.startsWith("#c-")) {
    // After the browser has gone to the row itself: going there takes the focus away.
    window.addEventListener("load", () => {
      window.setTimeout(() => document.getElementById(window.location.hash.slice(1))?.querySelector("[data-name]")?.focus());
    });
  }
}

if (tree && form) {
  tree.addEventListener("dragstart", (event) => {
    dragged = rowOf(event.target);
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.category);
    lineOf(dragged).classList.add("dragged");
  });
  tree.addEventListener("dragover", over);
  tree.addEventListener("drop", (event) => {
    const row = rowOf(event.target);
    if (!dragged || !row || dragged.contains(row)) return;
    event.preventDefault();
    send("place", dragged, placeAt(row, whereOn(row, event)));
  });
  tree.addEventListener("dragend", () => {
    unmark();
    if (dragged) lineOf(dragged).classList.remove("dragged");
    dragged = null;
  });
  tree.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const isMirrored = getComputedStyle(tree).direction === "rtl";
    const steps = { ArrowUp: "up", ArrowDown: "down" };
    steps[isMirrored ? "ArrowLeft" : "ArrowRight"] = "in";
    steps[isMirrored ? "ArrowRight" : "ArrowLeft"] = "out";
    const row = rowOf(event.target);
    if (!row || !steps[event.key]) return;
    event.preventDefault();
    send(steps[event.key], row);
  });
}
