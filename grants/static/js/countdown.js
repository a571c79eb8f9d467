// Replaces a deadline by the time left, and shows the deadline itself on hover.
const fill = (text, values) => text.replace(/\{(\w)\}/g, (_, key) => values[key]);

function words(element, left) {
  if (left <= 0) return element.dataset.over;
  const seconds = Math.floor(left / 1000);
  const values = {
    d: Math.floor(seconds / 86400),
    h: Math.floor(seconds / 3600) % 24,
    m: Math.floor(seconds / 60) % 60,
    s: seconds % 60,
  };
  if (values.d > 0) return fill(element.dataset.days, values);
  if (values.h > 0) return fill(element.dataset.hours, values);
  return fill(element.dataset.minutes, values);
}

export function countdown(root) {
  for (const element of root.querySelectorAll("[data-countdown]")) {
    const end = Date.parse(element.dateTime);
    if (Number.isNaN(end)) continue;
    element.title = element.textContent.trim();
    const tick = () => {
      const left = end - Date.now();
      element.textContent = words(element, left);
      if (left > 0) setTimeout(tick, left > 3600000 ? 30000 : 1000);
    };
    tick();
  }
}
