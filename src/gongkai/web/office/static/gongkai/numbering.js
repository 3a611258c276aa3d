// Shows what a pattern of index numbers gives while it is typed. Without this the button beside it asks the same question.
const form = document.querySelector("form[data-preview]");
const place = document.getElementById("preview");
let waiting = 0, asked = 0;

async function look() {
  const mine = ++asked;
  const data = new FormData(form);
  data.set("preview", "1");
  const answer = await fetch(form.action || location.href, { method: "POST", body: data, credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.getElementById("preview");
  // An answer that was overtaken by a newer question is of no use.
  if (found && mine === asked) place.replaceChildren(...found.childNodes);
}

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => look().catch(() => {}), 300);
});
