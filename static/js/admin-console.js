/* Ctrl K or Cmd K goes to the search. Menus close on Escape. Everything works without this. */
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    document.getElementById("console-q")?.focus();
  }
  if (event.key === "Escape") {
    const open = document.querySelector(".a-top details[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  }
});
