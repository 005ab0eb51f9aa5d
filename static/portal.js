// Small comforts of the keyboard. Every page works without this file.

const openMenus = () => document.querySelectorAll("details.menu[open]");

function focusOn(element) {
  if (!element) return;
  if (!element.matches("a[href], button, input, select, textarea, [tabindex]")) element.tabIndex = -1;
  element.focus();
}

function closeMenu(menu) {
  const hadFocus = menu.contains(document.activeElement);
  menu.open = false;
  if (hadFocus) menu.querySelector("summary").focus();
}

function isTyping(target) {
  return target.isContentEditable || target.matches("input, select, textarea");
}

// Escape closes menus and gives focus back to what opened them; "/" goes to the search field.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") openMenus().forEach(closeMenu);
  const search = document.querySelector("[data-search]");
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "/" && plain && search && !isTyping(event.target)) {
    event.preventDefault();
    search.focus();
  }
});

// A click elsewhere closes a menu; a button that says it is disabled does nothing.
document.addEventListener("click", (event) => {
  openMenus().forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
});

// So does moving on with Tab, so that an open menu never covers the focus.
document.addEventListener("focusin", (event) => {
  openMenus().forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

// New content says itself where reading goes on: its error summary or its heading.
document.addEventListener("htmx:afterSettle", (event) => {
  const swapped = event.target;
  focusOn(swapped.matches?.("[data-focus]") ? swapped : swapped.querySelector?.("[data-focus]"));
});

// An answer that failed or never came is told where it was awaited.
function tellFailure(event) {
  const { target } = event.detail;
  target.replaceChildren(document.querySelector("#no-answer").content.cloneNode(true));
  focusOn(target.querySelector("[data-focus]"));
}

document.addEventListener("htmx:responseError", tellFailure);
document.addEventListener("htmx:sendError", tellFailure);

document.addEventListener("DOMContentLoaded", () => focusOn(document.querySelector(".error-summary")));

// A link to a page that asks something shows the question as a dialog. The page is the same without this, and with errors.
function dialogOf(page, address) {
  const dialog = document.createElement("dialog");
  const title = document.createElement("h2");
  title.id = "dialog-title";
  title.textContent = page.querySelector("h1").textContent;
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(title, ...page.querySelector(".content").childNodes);
  dialog.querySelector("form").action = address;
  dialog.querySelector("[data-close]").addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
  });
  return dialog;
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await fetch(link.href).catch(() => null);
  if (!answer?.ok || answer.redirected) {
    window.location.assign(link.href);
    return;
  }
  const dialog = dialogOf(new DOMParser().parseFromString(await answer.text(), "text/html"), link.href);
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
});
