// Focus on the error summary, menus that close, buttons that print, no double submit.
function closeMenus(root) {
  const menus = [...root.querySelectorAll("details.site-menu, details.dropdown, details.confirm")];
  root.addEventListener("click", (event) => {
    for (const menu of menus) {
      if (menu.open && !menu.contains(event.target)) menu.open = false;
    }
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus.filter((one) => one.open)) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// Only a second press within a moment is dropped, so that a form can be sent again after a failed connection.
function dropDoubleSubmit(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("method") !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 3000);
  });
}

export function pageBehaviour(root) {
  root.querySelector("[data-takes-focus]")?.focus();
  closeMenus(root);
  dropDoubleSubmit(root);
  for (const button of root.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }
}
