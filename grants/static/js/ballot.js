// Help while filling in a ballot: the running total and a search that answers at once. The server decides everything.
const yuan = (fen) => (fen / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const fill = (text, values) => text.replaceAll(/\{(\w+)\}/g, (_whole, name) => values[name]);
const number = (control) => Number.parseInt(control.value.normalize("NFKC"), 10) || 0;

function state(form) {
  const boxes = [...form.querySelectorAll("input[name=choice]")].filter((box) => box.checked);
  const numbers = [...form.querySelectorAll("[name^=points-], [name^=rank-]")].filter((one) => number(one) > 0);
  return {
    count: boxes.length + numbers.length,
    total: boxes.reduce((sum, box) => sum + Number(box.dataset.cost), 0),
    used: numbers.reduce((sum, one) => sum + number(one), 0),
  };
}

function words(form, line) {
  const { count, total, used } = state(form);
  const budget = Number(form.dataset.budget);
  const points = Number(form.dataset.points);
  const kind = form.dataset.ballot;
  if (kind === "knapsack") {
    return [fill(total > budget ? line.dataset.moneyOver : line.dataset.money, { total: yuan(total), left: yuan(budget - total), over: yuan(total - budget) }), total > budget];
  }
  if (kind === "cumulative") {
    return [fill(used > points ? line.dataset.poolOver : line.dataset.pool, { used, left: points - used, over: used - points }), used > points];
  }
  const most = Number(form.dataset.most);
  return [fill(line.dataset.chosen, { count, most }), count > most];
}

// A rank that is already given to another option cannot be chosen a second time.
function spendRanks(form) {
  const selects = [...form.querySelectorAll("select[name^=rank-]")];
  const given = new Set(selects.map((select) => select.value).filter(Boolean));
  for (const select of selects) {
    for (const option of select.options) {
      option.disabled = option.value !== "" && option.value !== select.value && given.has(option.value);
    }
  }
}

function search(form) {
  const box = form.querySelector("input[name=q]");
  const category = form.querySelector("select[name=category]");
  const line = form.querySelector("[data-ballot-shown]");
  if (!box || !category || !line) return;
  const options = [...form.querySelectorAll(".ballot__option")].map((option) => [option, option.textContent.toLowerCase()]);
  const show = () => {
    const wanted = box.value.trim().toLowerCase();
    let shown = 0;
    for (const [option, text] of options) {
      const fits = text.includes(wanted) && (category.value === "" || option.dataset.category === category.value);
      option.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    line.textContent = shown < options.length ? fill(line.dataset.ballotShown, { shown, all: options.length }) : "";
  };
  box.addEventListener("input", show);
  category.addEventListener("change", show);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  form.querySelector(".ballot-search__go")?.setAttribute("hidden", "");
}

export function helpBallot(root) {
  for (const form of root.querySelectorAll("form[data-ballot]")) {
    const line = form.querySelector("[data-ballot-sum]");
    form.querySelector("[data-ballot-count]")?.setAttribute("hidden", "");
    const show = () => {
      const [text, isOver] = words(form, line);
      line.textContent = text;
      line.classList.toggle("is-over", isOver);
      spendRanks(form);
    };
    form.addEventListener("input", show);
    form.addEventListener("change", show);
    search(form);
    show();
  }
}
