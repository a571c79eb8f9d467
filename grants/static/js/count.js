// “已写 12 / 500 字” under a long answer. Counts characters as the server does: code points, \r\n as one.
const length = (text) => [...text.replaceAll("\r\n", "\n")].length;

export function countCharacters(root) {
  for (const line of root.querySelectorAll("[data-count]")) {
    const area = root.getElementById(line.dataset.count);
    if (!area) continue;
    const max = Number(line.dataset.max);
    const show = () => {
      const used = length(area.value);
      const over = used - max;
      line.classList.toggle("is-over", over > 0);
      line.textContent = over > 0
        ? line.dataset.over.replace("{over}", over)
        : line.dataset.text.replace("{n}", used).replace("{max}", max);
    };
    area.addEventListener("input", show);
    show();
  }
}
