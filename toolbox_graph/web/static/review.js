// How does a reviewer decide with single keys?
//
// Each button and link says which key is its own (aria-keyshortcuts). Who dictates, or types by chance, turns that off.

const OFF = "review-keys-off";
const choice = document.getElementById("by-key");

if (choice) {
  document.getElementById("keys").hidden = false;
  choice.checked = !localStorage.getItem(OFF);
  choice.addEventListener("change", () => {
    if (choice.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
    tell();
  });
}

function tell() {
  document.documentElement.classList.toggle("keys", !localStorage.getItem(OFF));
}

addEventListener("keydown", (event) => {
  const field = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (field && event.key === "Escape") field.blur();
  if (field || event.repeat || event.ctrlKey || event.altKey || event.metaKey || localStorage.getItem(OFF)) return;
  const wanted = document.querySelector(`[aria-keyshortcuts="${CSS.escape(event.key)}"]`);
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
});

tell();
