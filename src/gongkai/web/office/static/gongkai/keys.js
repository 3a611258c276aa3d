// Keys for lists: "/" goes to the search field, j and k go from row to row, Enter opens. Pages work the same without them,
// and whoever presses such keys for other ends can switch them off; the browser remembers it.
"use strict";
(() => {
  const STORE = "gongkai.keys";
  const told = document.querySelector("[data-keys]");
  if (!told) return;
  const button = told.querySelector("button");
  let isOn = true;
  try { isOn = localStorage.getItem(STORE) !== "off"; } catch { /* a browser that keeps nothing */ }

  const show = () => {
    told.hidden = false;
    told.querySelector("[data-keys-words]").hidden = !isOn;
    button.textContent = isOn ? button.dataset.off : button.dataset.on;
  };
  const links = () => [...document.querySelectorAll("main .table.list tbody th a, main .worklist .work-title")];
  const step = (by) => {
    const rows = links();
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1);
    rows[next].focus();
    rows[next].scrollIntoView({ block: "nearest" });
  };
  const isTyping = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

  document.addEventListener("keydown", (event) => {
    if (!isOn || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (event.key === "/") {
      const field = document.querySelector("main input[type=search]");
      if (!field) return;
      field.focus();
      field.select();
    } else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else return;
    event.preventDefault();
  });
  button.addEventListener("click", () => {
    isOn = !isOn;
    try { localStorage.setItem(STORE, isOn ? "on" : "off"); } catch { /* as above */ }
    show();
  });
  show();
})();
