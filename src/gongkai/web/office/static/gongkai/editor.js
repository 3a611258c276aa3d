// Makes a text box with data-editor an editor. What it gives is cleaned by the server, which alone decides what stays.
// The library is loaded by a path of its own: its set-up would need a script within the page.

import {
  Blockquote, Bold, BulletList, Document, Dropcursor, Editor, Gapcursor, HardBreak, Heading, History, Italic, Link, ListItem,
  OrderedList, Paragraph, Subscript, Superscript, Table, TableCell, TableHeader, TableRow, Text, Underline,
} from "../django_prose_editor/editor.js";

const CHINESE = "\u2e80-\u2fff\u3001-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’—…·";
const WRAPPED = new RegExp(`(?<=[${CHINESE}>])[ \\t]*\\r?\\n[ \\t\\r\\n]*(?=[${CHINESE}])|(?<=[${CHINESE}])[ \\t]*\\r?\\n[ \\t\\r\\n]*(?=<)`, "g");
const SET_IN = /<p\b(?=[^>]{0,2000}text-indent:\s*0*\.?0*[1-9])[^>]{0,5000}>/gi;
const PICTURE = /<(?:img|svg|canvas|video|object|embed)\b/i;

// The library writes widths into the table's style, which our pages do not allow and the server takes out.
const PlainTable = Table.extend({
  renderHTML() { return ["table", ["tbody", 0]]; },
  addNodeView() { return null; },
});

const extensions = [
  Document, Paragraph, Text, HardBreak, Heading.configure({ levels: [2, 3, 4] }), Bold, Italic, Underline, Subscript, Superscript,
  BulletList, OrderedList, ListItem, Blockquote, Link.configure({ openOnClick: false, autolink: false, protocols: ["http", "https", "mailto"] }),
  PlainTable.configure({ resizable: false }), TableRow, TableHeader, TableCell, History, Dropcursor, Gapcursor,
];

function asHtml(text) {
  if (/<\/?[a-z][^>]*>/i.test(text)) return text;
  const box = document.createElement("div");
  for (const line of text.split(/\r?\n/).filter((one) => one.trim())) {
    box.append(Object.assign(document.createElement("p"), { textContent: line }));
  }
  return box.innerHTML;
}

// What the server would do with it too, so that the drafter sees now what will be there later.
function unwrapped(html) {
  return html.replace(/<!--[\s\S]*?-->|<style\b[\s\S]*?<\/style>/gi, "").replace(SET_IN, "<p>\u3000\u3000").replace(WRAPPED, "")
    .replace(/\sstyle=(?:"[^"]*"|'[^']*')/gi, "").replace(/<(\/?)h1\b/gi, "<$1h2").replace(/<(\/?)h[56]\b/gi, "<$1h4");
}

function start(box) {
  const field = box.closest(".field");
  const tools = field.querySelector("[data-editor-tools]");
  const told = field.querySelector(".editor-told");
  const label = field.querySelector(".label");
  const place = document.createElement("div");
  place.className = "editor";
  box.before(place);
  const editor = new Editor({
    element: place,
    extensions,
    content: asHtml(box.value),
    injectCSS: false,
    editorProps: {
      attributes: {
        "role": "textbox", "aria-multiline": "true", "aria-labelledby": label.id, "aria-describedby": `${box.id}_helptext`,
        "class": "content prose", "lang": "zh-Hans", "spellcheck": "false", "id": `${box.id}_editor`,
      },
      transformPastedHTML: unwrapped,
      handlePaste(view, event) {
        const html = event.clipboardData.getData("text/html");
        const files = [...event.clipboardData.files].some((file) => file.type.startsWith("image/"));
        told.textContent = PICTURE.test(html) || (files && !html) ? tools.dataset.wordsNoImage : "";
        return false;
      },
    },
    onUpdate() {
      box.value = editor.isEmpty ? "" : editor.getHTML();
      box.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  box.hidden = true;
  label.addEventListener("click", (event) => { event.preventDefault(); editor.commands.focus(); });
  for (const link of document.querySelectorAll(`.summary a[href="#${box.id}"]`)) link.href = `#${box.id}_editor`;
  furnish(editor, tools);
}

// [word, what a press does, whether it is on, whether it is shown]
const TOOLS = [
  ["heading", (chain) => chain.toggleHeading({ level: 2 }), (editor) => editor.isActive("heading")],
  ["bold", (chain) => chain.toggleBold(), (editor) => editor.isActive("bold")],
  ["italic", (chain) => chain.toggleItalic(), (editor) => editor.isActive("italic")],
  ["underline", (chain) => chain.toggleUnderline(), (editor) => editor.isActive("underline")],
  ["bullets", (chain) => chain.toggleBulletList(), (editor) => editor.isActive("bulletList")],
  ["numbers", (chain) => chain.toggleOrderedList(), (editor) => editor.isActive("orderedList")],
  ["quote", (chain) => chain.toggleBlockquote(), (editor) => editor.isActive("blockquote")],
  ["link", null, (editor) => editor.isActive("link")],
  ["table", (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }), null, (editor) => !editor.isActive("table")],
  ["row", (chain) => chain.addRowAfter(), null, (editor) => editor.isActive("table")],
  ["column", (chain) => chain.addColumnAfter(), null, (editor) => editor.isActive("table")],
  ["dropRow", (chain) => chain.deleteRow(), null, (editor) => editor.isActive("table")],
  ["dropColumn", (chain) => chain.deleteColumn(), null, (editor) => editor.isActive("table")],
  ["dropTable", (chain) => chain.deleteTable(), null, (editor) => editor.isActive("table")],
  ["undo", (chain) => chain.undo()],
  ["redo", (chain) => chain.redo()],
];

function furnish(editor, tools) {
  const words = (name) => tools.dataset[`words${name[0].toUpperCase()}${name.slice(1)}`];
  const bar = Object.assign(document.createElement("div"), { className: "editor-bar" });
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", words("tools"));
  const ask = linkRow(editor, words);
  const buttons = TOOLS.map(([name, press, isOn, isShown]) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: words(name), tabIndex: -1 });
    // A press with the mouse leaves the cursor in the text: focus that goes and comes back may lose what the press has just set.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => (press ? press(editor.chain().focus()).run() : ask.toggle()));
    bar.append(button);
    return { button, isOn, isShown };
  });
  const refresh = () => buttons.forEach(({ button, isOn, isShown }) => {
    if (isOn) button.setAttribute("aria-pressed", String(isOn(editor)));
    if (isShown) button.hidden = !isShown(editor);
  });
  bar.addEventListener("keydown", (event) => walk(event, bar));
  editor.on("transaction", refresh);
  refresh();
  bar.firstChild.tabIndex = 0;
  tools.append(bar, ask.row);
  tools.hidden = false;
}

function walk(event, bar) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const shown = [...bar.children].filter((button) => !button.hidden);
  const next = shown[(shown.indexOf(document.activeElement) + step + shown.length) % shown.length];
  for (const button of bar.children) button.tabIndex = button === next ? 0 : -1;
  next.focus();
  event.preventDefault();
}

function linkRow(editor, words) {
  const row = Object.assign(document.createElement("p"), { className: "editor-link", hidden: true });
  const label = Object.assign(document.createElement("label"), { textContent: words("address") });
  const input = Object.assign(document.createElement("input"), { type: "url", className: "input", id: "editor-address" });
  label.htmlFor = input.id;
  const set = Object.assign(document.createElement("button"), { type: "button", className: "button is-small", textContent: words("set") });
  const unset = Object.assign(document.createElement("button"), { type: "button", className: "button is-small", textContent: words("unset") });
  const close = () => { row.hidden = true; editor.commands.focus(); };
  const put = () => {
    const href = input.value.trim();
    input.setCustomValidity(/^https?:\/\/\S+$/.test(href) ? "" : words("badAddress"));
    if (!input.reportValidity()) return;
    const chain = editor.chain().focus().extendMarkRange("link");
    (editor.state.selection.empty && !editor.isActive("link")
      ? chain.insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] })
      : chain.setLink({ href })).run();
    close();
  };
  input.addEventListener("input", () => input.setCustomValidity(""));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); put(); }
    if (event.key === "Escape") close();
  });
  set.addEventListener("click", put);
  unset.addEventListener("click", () => { editor.chain().focus().extendMarkRange("link").unsetLink().run(); close(); });
  row.append(label, input, set, unset);
  return {
    row,
    toggle() {
      row.hidden = !row.hidden;
      input.value = editor.getAttributes("link").href || "";
      if (!row.hidden) input.focus();
    },
  };
}

for (const box of document.querySelectorAll("textarea[data-editor]")) start(box);
