// Two tools that need the browser's help: reading aloud and printing. Without it the page lacks nothing that it says.
(() => {
  const tools = document.querySelector(".tools");
  if (!tools) return;
  const add = (words, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", () => act(button));
    tools.append(button);
  };
  add(tools.dataset.print, () => window.print());
  const speech = window.speechSynthesis;
  if (!speech || typeof SpeechSynthesisUtterance === "undefined") return;
  add(tools.dataset.read, (button) => {
    if (button.getAttribute("aria-pressed") === "true") {
      speech.cancel();
      return;
    }
    const done = () => {
      button.setAttribute("aria-pressed", "false");
      button.textContent = tools.dataset.read;
    };
    const parts = [document.querySelector(".document-title"), ...document.querySelectorAll(".lead, .prose > *")];
    speech.cancel();
    parts.forEach((part, at) => {
      const said = new SpeechSynthesisUtterance(part.textContent);
      said.lang = "zh-CN";
      if (at === parts.length - 1) said.addEventListener("end", done);
      said.addEventListener("error", done);
      speech.speak(said);
    });
    button.setAttribute("aria-pressed", "true");
    button.textContent = tools.dataset.stop;
  });
  window.addEventListener("pagehide", () => speech.cancel());
})();
