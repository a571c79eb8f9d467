// Follows a long job until it ends, then loads the page again, which shows the result the server prepared.
const PAUSE_MS = 1500;
const LONGEST_PAUSE_MS = 15000;

function show(job, state) {
  const bar = job.querySelector("[data-job-bar]");
  if (bar && state.total > 0) {
    bar.max = state.total;
    bar.value = state.done;
  }
  const count = job.querySelector("[data-job-count]");
  if (count && state.total > 0) count.textContent = `${state.done} / ${state.total}`;
  const message = job.querySelector("[data-job-message]");
  if (message && state.message && message.textContent !== state.message) message.textContent = state.message;
}

export function pollJobs(root) {
  for (const job of root.querySelectorAll("[data-poll-url]")) {
    job.querySelector("[data-job-refresh]")?.setAttribute("hidden", "");
    let pause = PAUSE_MS;
    const ask = async () => {
      try {
        const response = await fetch(job.dataset.pollUrl, { headers: { Accept: "application/json" } });
        if (!response.ok) throw new Error(String(response.status));
        const state = await response.json();
        show(job, state);
        if (state.state === "done" || state.state === "failed") {
          window.location.reload();
          return;
        }
        pause = PAUSE_MS;
      } catch {
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
      setTimeout(ask, pause);
    };
    setTimeout(ask, pause);
  }
}
