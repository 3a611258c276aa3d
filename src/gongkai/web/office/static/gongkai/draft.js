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

// Which matters, and so which days, are asked follows from kind, column and organ by the law's table, which the page brings along.
const limits = document.querySelector("[data-limit-parts]");
const rules = document.getElementById("limit-rules");

function showLimits() {
  const law = JSON.parse(rules.textContent);
  const organ = law.organs[document.querySelector("[name=agency]").value] ?? "";
  const said = { kinds: kind.value, columns: document.querySelector("[name=column]").value, organs: organ };
  const fits = (row) => Object.entries(said).every(([name, value]) => !row[name].length || row[name].includes(value));
  const open = law.rows.find(fits).matters;
  const days = open.map((matter) => law.starts[matter]);
  let any = false;
  for (const part of limits.querySelectorAll("[data-limit-part]")) {
    const name = part.dataset.limitPart;
    part.hidden = !(name === "matter" ? open.length > 1 : days.includes(name)) && !part.querySelector(".has-error");
    any ||= !part.hidden;
  }
  for (const option of limits.querySelectorAll("select[name=matter] option")) {
    option.hidden = option.value !== "" && !open.includes(option.value) && !option.selected;
  }
  limits.hidden = !any;
  limits.open ||= days.includes("approved_on");
}

if (kind && limits && rules) {
  for (const name of ["kind", "column", "agency"]) {
    document.querySelector(`[name=${name}]`).addEventListener("change", showLimits);
  }
  showLimits();
}

const sheet = document.querySelector("form.is-draft");
if (sheet) {
  let changed = Boolean(document.querySelector(".summary"));
  sheet.addEventListener("input", () => { changed = true; });
  sheet.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
