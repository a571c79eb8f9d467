// Narrows a table that is shown whole. The box is hidden until this script can serve it.
export function filterRows(root) {
  for (const box of root.querySelectorAll("[data-row-filter]")) {
    const table = root.getElementById(box.dataset.rowFilter);
    const input = box.querySelector("input");
    if (!table || !input) continue;
    const rows = [...table.tBodies[0].rows].map((row) => [row, row.textContent.toLowerCase()]);
    box.hidden = false;
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      for (const [row, text] of rows) row.hidden = wanted !== "" && !text.includes(wanted);
    });
  }
}
