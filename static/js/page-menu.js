/* Menus: panels close on Escape and outside clicks; old browsers open the phone menu without popovers. */

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector(".nav details[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(".nav details[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".nav details[open]")) return;
  for (const other of document.querySelectorAll(".nav details[open]")) {
    if (other !== event.target) other.open = false;
  }
}, true);

if (!("popover" in HTMLElement.prototype)) {
  const menu = document.getElementById("menu");
  if (menu) {
    menu.hidden = true;
    document.querySelector("[popovertarget=menu]")?.addEventListener("click", () => { menu.hidden = !menu.hidden; });
  }
}
