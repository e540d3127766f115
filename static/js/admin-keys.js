/* Keys for the operators' screens: ? shows them all. They are off while one types, and a person can switch them off.
   Every key stands for a link, a button or a field that is on the page; without this file all of them work by Tab. */
const WAIT = 1500;
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
let goingSince = 0;

function rows() {
  return [...document.querySelectorAll("[data-row]")];
}

function openIn(row) {
  return row?.querySelector("a[href]");
}

function here() {
  return document.activeElement?.closest("[data-row]") ?? null;
}

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(here());
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  openIn(all[next])?.focus();
  return true;
}

function tick(box) {
  if (!box) return false;
  box.click();
  return true;
}

function tickAll() {
  const boxes = [...document.querySelectorAll("[data-row] input[type=checkbox]")];
  const wanted = boxes.some((box) => !box.checked);
  boxes.filter((box) => box.checked !== wanted).forEach((box) => box.click());
  return boxes.length > 0;
}

function follow(link) {
  if (!link) return false;
  link.click();
  return true;
}

function focusOn(field) {
  if (!field) return false;
  field.focus();
  return true;
}

function showKeys() {
  const dialog = document.getElementById("keys");
  if (!dialog?.showModal) return false;
  dialog.showModal();
  return true;
}

const DEEDS = {
  "?": showKeys,
  "/": () => focusOn(document.getElementById("console-q")),
  j: () => move(1),
  k: () => move(-1),
  x: () => tick(here()?.querySelector("input[type=checkbox]")),
  a: tickAll,
  f: () => focusOn(document.querySelector(".a-filter input:not([type=hidden]), .a-filter select")),
  "[": () => follow(document.querySelector("a[rel=prev]")),
  "]": () => follow(document.querySelector("a[rel=next]")),
};

function done(key) {
  if (goingSince && Date.now() - goingSince < WAIT) {
    goingSince = 0;
    return follow([...document.querySelectorAll("[data-go]")].find((link) => link.dataset.go === key));
  }
  if (key === "g") {
    goingSince = Date.now();
    return true;
  }
  if (Object.hasOwn(DEEDS, key)) return DEEDS[key]();
  return follow([...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key));
}

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.keys !== "on" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
  if (done(event.key)) event.preventDefault();
});
