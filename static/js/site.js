// What htmx leaves to us. Nothing on the site needs this file: every control is a link or a form.
// htmx itself weighs more than a whole page, so it is fetched when a reader first turns to something
// that it serves: a list, or a search box that suggests names.

const LISTING = "#listing";
const find = (selector) => document.querySelector(selector);
const isListing = (event) => event.detail.target?.matches(LISTING);
const facets = () => find("#facets");
const sheetIsOpen = () => CSS.supports("selector(:popover-open)") && Boolean(facets()?.matches(":popover-open"));

let arrival;
function fetchHtmx() {
  arrival ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.body.dataset.htmx;
    script.onload = () => {
      document.body.dataset.htmxReady = "";
      resolve();
    };
    script.onerror = reject;
    document.head.append(script);
  });
  return arrival;
}

for (const sign of ["pointerover", "touchstart", "focusin"]) {
  const turn = (event) => event.target.closest?.(`${LISTING}, input[list]`) && fetchHtmx().catch(() => {});
  document.addEventListener(sign, turn, { passive: true });
}

// A list is changed by each box that is ticked, so on wide screens its button is not needed. A box that
// is ticked before htmx has come is told to it again; where it cannot come, the form is sent.
if (find(LISTING)) document.documentElement.classList.add("is-live");
document.addEventListener("change", (event) => {
  const { target } = event;
  if (window.htmx || !target.closest(`${LISTING} .facets`)) return;
  const tellAgain = () => target.dispatchEvent(new Event("change", { bubbles: true }));
  fetchHtmx().then(tellAgain, () => target.form.requestSubmit());
});

// What the swapped part had, and gets again: focus, what was unfolded, the boxes ticked for another form
// (to compare), and the sheet of a phone.
let before;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isListing(event)) event.detail.target.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isListing(event)) return;
  before = {
    focus: document.activeElement.id,
    unfolded: [...document.querySelectorAll(`${LISTING} details[open]`)].map((details) => details.id),
    ticked: [...document.querySelectorAll(`${LISTING} input[form]:checked`)].map((box) => box.value),
    sheet: sheetIsOpen(),
    scroll: facets()?.scrollTop,
  };
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (!isListing(event) || !before) return;
  for (const id of before.unfolded) document.getElementById(id)?.setAttribute("open", "");
  for (const box of document.querySelectorAll(`${LISTING} input[form]`)) box.checked = before.ticked.includes(box.value);
  if (before.sheet) {
    facets().showPopover();
    facets().scrollTop = before.scroll;
  }
  const heading = find("#results-heading");
  const kept = before.focus && document.getElementById(before.focus);
  if (kept) kept.focus({ preventScroll: true });
  else heading.focus();
  find("#listing-status").textContent = heading.textContent.trim();
  before = undefined;
});

// What stands outside of the swapped part and tells the address.
document.addEventListener("htmx:pushedIntoHistory", () => {
  const language = find("a.language");
  if (language) language.search = location.search;
  const box = find(".hero form[role=search] input[name=q]");
  if (box) box.value = new URLSearchParams(location.search).get("q") ?? "";
});

// After a step back, which loads the page anew, a step forward finds no htmx to take it.
addEventListener("popstate", (event) => {
  if (!window.htmx && event.state?.htmx) location.reload();
});

// "Show results" closes the sheet.
document.addEventListener("submit", (event) => {
  if (sheetIsOpen() && facets().contains(event.target)) facets().hidePopover();
});

// Whatever fails is asked for again as a whole page, which says what was wrong.
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, (event) => {
    if (isListing(event)) location.assign(event.detail.pathInfo.finalRequestPath);
  });
}

// htmx takes every click on a link in a picture; with a key held down it is meant for a new tab.
document.addEventListener(
  "click",
  (event) => {
    if ((event.ctrlKey || event.metaKey || event.shiftKey) && event.target.closest("svg a")) event.stopPropagation();
  },
  true,
);

// What is folded is opened on paper, and folded again.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("main details:not([open])")];
  for (const details of folded) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of folded) details.open = false;
});
