/* Sheets: arrow keys and Enter move between cells, a block copied from a spreadsheet fills the cells it covers, changed
   cells are marked and counted, and a row form saves in place. Everything works without this. */

const EDITABLE = "input.input:not([type=hidden]), select.input";

function cellsOf(table) {
  return [...table.tBodies].flatMap((body) =>
    [...body.rows].map((row) => [...row.querySelectorAll(EDITABLE)]).filter((cells) => cells.length),
  );
}

function placeOf(grid, cell) {
  for (let row = 0; row < grid.length; row += 1) {
    const column = grid[row].indexOf(cell);
    if (column >= 0) return { row, column };
  }
  return null;
}

function go(table, cell, down, along) {
  const grid = cellsOf(table);
  const at = placeOf(grid, cell);
  if (!at) return false;
  const row = grid[at.row + down];
  const next = row && row[Math.min(at.column, row.length - 1) + along];
  if (!next) return false;
  next.focus();
  if (next.select) next.select();
  return true;
}

function isAtEdge(cell, forward) {
  if (cell.tagName === "SELECT") return false;
  const whole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
  if (whole) return true;
  return forward ? cell.selectionStart === cell.value.length : cell.selectionEnd === 0;
}

function move(event) {
  const cell = event.target;
  const table = cell.closest("[data-sheet]");
  if (!table || !cell.matches(EDITABLE) || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  const isMirrored = getComputedStyle(table).direction === "rtl";
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0] };
  steps.ArrowRight = [0, isMirrored ? -1 : 1];
  steps.ArrowLeft = [0, isMirrored ? 1 : -1];
  const step = steps[event.key];
  if (!step || (cell.tagName === "SELECT" && event.key.startsWith("Arrow"))) return;
  if (event.key === "Enter" && cell.form?.matches("[data-row-form]")) return;
  if (step[1] && !isAtEdge(cell, step[1] > 0 !== isMirrored)) return;
  if (go(table, cell, ...step) || event.key === "Enter") event.preventDefault();
}

function mark(cell) {
  if (cell.matches("input")) cell.classList.toggle("changed", cell.value !== cell.defaultValue);
  tellUnsaved();
}

function unsaved() {
  return document.querySelectorAll("[data-sheet] input.changed").length;
}

function tellUnsaved() {
  const place = document.querySelector("[data-sheet-unsaved]");
  if (!place) return;
  const count = unsaved();
  place.textContent = count ? place.dataset.sheetUnsaved.replace("{n}", String(count)) : "";
}

function paste(event) {
  const cell = event.target;
  const table = cell.closest?.("[data-sheet]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!table || !cell.matches(EDITABLE) || !/[\t\n]/.test(text.trimEnd())) return;
  event.preventDefault();
  const grid = cellsOf(table);
  const at = placeOf(grid, cell);
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  let filled = 0;
  lines.forEach((line, down) => {
    line.split("\t").forEach((words, along) => {
      const target = grid[at.row + down]?.[at.column + along];
      if (!target || target.tagName === "SELECT") return;
      target.value = words.trim();
      mark(target);
      filled += 1;
    });
  });
  const said = document.querySelector("[data-sheet-said]");
  if (said) said.textContent = said.dataset.sheetSaid.replace("{n}", String(filled));
}

async function saveRow(event) {
  const form = event.target;
  if (!form.matches("[data-row-form]")) return;
  event.preventDefault();
  const row = form.closest("tr");
  const button = form.querySelector("button");
  const hadFocus = row.contains(document.activeElement);
  button.disabled = true;
  let answer = null;
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Fragment": "row" } });
  } catch {
    answer = null;
  }
  const isRow = answer && (answer.status === 200 || answer.status === 422) && !answer.redirected;
  if (!isRow) {
    form.submit();
    return;
  }
  const holder = document.createElement("template");
  holder.innerHTML = (await answer.text()).trim();
  const fresh = holder.content.querySelector("tr");
  row.replaceWith(fresh);
  const said = fresh.querySelector("[data-said]");
  const words = said?.textContent ?? "";
  if (said) said.textContent = "";
  requestAnimationFrame(() => {
    if (said) said.textContent = words;
    if (hadFocus) (fresh.querySelector("[aria-invalid]") ?? fresh.querySelector("button"))?.focus();
  });
}

document.addEventListener("keydown", move);
document.addEventListener("paste", paste);
document.addEventListener("input", (event) => {
  if (event.target.closest?.("[data-sheet]")) mark(event.target);
});
document.addEventListener("submit", saveRow);

/* Whoever leaves with unsaved cells is asked; saving is not leaving. */
let isSaving = false;
document.addEventListener("submit", (event) => {
  isSaving = isSaving || event.target.method === "post";
});
window.addEventListener("beforeunload", (event) => {
  if (!isSaving && document.querySelector("[data-sheet-unsaved]") && unsaved()) event.preventDefault();
});
