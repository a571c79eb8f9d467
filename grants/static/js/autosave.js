// Saves a draft a few seconds after the last change, and says so. A failed save keeps trying; the form keeps its text.
const PAUSE_MS = 4000;
const RETRY_MS = 15000;
const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

// Files are sent only by the real submit: a draft save every few seconds must stay small.
function draftOf(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) {
    if (value instanceof File) data.delete(name);
  }
  return data;
}

async function savedAt(response) {
  if (!(response.headers.get("content-type") || "").includes("json")) return clock();
  const body = await response.json();
  return body.saved_at || clock();
}

export function autosave(root) {
  for (const form of root.querySelectorAll("form[data-autosave-url]")) {
    const status = form.querySelector("[data-autosave-status]");
    let timer = null;
    let saving = false;
    let changedWhileSaving = false;

    const tell = (text, state) => {
      if (!status) return;
      status.textContent = text;
      status.classList.toggle("is-saved", state === "saved");
      status.classList.toggle("is-failed", state === "failed");
    };
    const plan = (pause) => {
      clearTimeout(timer);
      timer = setTimeout(save, pause);
    };
    async function save() {
      if (saving) {
        changedWhileSaving = true;
        return;
      }
      saving = true;
      changedWhileSaving = false;
      tell(status?.dataset.saving ?? "", "saving");
      try {
        const response = await fetch(form.dataset.autosaveUrl, {
          method: "POST",
          body: draftOf(form),
          headers: { Accept: "application/json" },
          redirect: "error",
        });
        if (!response.ok) throw new Error(String(response.status));
        tell((status?.dataset.saved ?? "").replace("{time}", await savedAt(response)), "saved");
        if (!changedWhileSaving) form.dispatchEvent(new CustomEvent("draft-saved"));
      } catch {
        tell(status?.dataset.failed ?? "", "failed");
        plan(RETRY_MS);
      } finally {
        saving = false;
        if (changedWhileSaving) plan(PAUSE_MS);
      }
    }
    form.addEventListener("input", () => {
      if (saving) changedWhileSaving = true;
      plan(PAUSE_MS);
    });
    form.addEventListener("submit", () => clearTimeout(timer));
  }
}
