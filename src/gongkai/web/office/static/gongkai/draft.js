// The draft of an item: of the parts that only some kinds ask, those of the chosen kind; and no lost words on leaving.
// Without this script every part is there, in a group that opens.

const kind = document.querySelector("select[name=kind]");
const parts = document.querySelector("[data-kind-parts]");

function showParts() {
  let any = false;
  for (const part of parts.querySelectorAll("[data-kinds]")) {
    part.hidden = !part.dataset.kinds.split(" ").includes(kind.value) && !part.querySelector(".has-error");
    any ||= !part.hidden;
  }
  parts.hidden = !any;
  parts.open = any;
}

if (kind && parts) {
  parts.classList.add("is-by-kind");
  kind.addEventListener("change", showParts);
  showParts();
}

const sheet = document.querySelector("form.is-draft");
if (sheet) {
  let changed = Boolean(document.querySelector(".summary"));
  sheet.addEventListener("input", () => { changed = true; });
  sheet.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
