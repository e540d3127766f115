/* Keys and counters of the translation desk. Everything works without this. */
const form = document.querySelector("form[data-desk]");

document.getElementById("refusal")?.focus();

document.addEventListener("keydown", (event) => {
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  let wanted = "";
  if (control && !event.altKey && key === "s") wanted = "save";
  else if (control && key === "enter") wanted = "approve";
  else if (event.altKey && !control && event.code === "KeyN") wanted = "next";
  const target = wanted && document.querySelector(`[data-key="${wanted}"]`);
  if (target) {
    event.preventDefault();
    target.click();
  }
});

for (const input of document.querySelectorAll("[data-advised]")) {
  const counter = document.getElementById(input.getAttribute("aria-describedby").split(" ")[0])?.querySelector("[data-count]");
  if (!counter) continue;
  const tell = () => {
    const length = [...input.value].length;
    counter.querySelector("output").textContent = String(length);
    counter.classList.toggle("c-bad", length > Number(input.dataset.advised));
  };
  counter.hidden = false;
  input.addEventListener("input", tell);
  tell();
}

if (form) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
