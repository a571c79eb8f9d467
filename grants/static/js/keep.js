// Keeps what is typed into a form, photos too, on this device until the server has taken it: there is no network in
// many a courtyard. Without scripts, or without a database in the browser, it is a plain form.
const DAYS_KEPT = 14;
const PAUSE_MS = 600;
const RETRY_MS = 20000;

const opened = () => new Promise((done, failed) => {
  const asked = indexedDB.open("kept-forms", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("forms");
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});

async function inStore(mode, act) {
  const database = await opened();
  try {
    return await new Promise((done, failed) => {
      const change = database.transaction("forms", mode);
      const asked = act(change.objectStore("forms"));
      change.oncomplete = () => done(asked?.result);
      change.onerror = change.onabort = () => failed(change.error);
    });
  } finally {
    database.close();
  }
}

const dropOld = () => inStore("readwrite", (store) => {
  const limit = Date.now() - DAYS_KEPT * 86400000;
  store.openCursor().onsuccess = ({ target: { result: at } }) => {
    if (!at) return;
    if (at.value.at < limit) at.delete();
    at.continue();
  };
});

const isEmpty = (value) => value instanceof File && !value.name;
const partsOf = (form) => [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && !isEmpty(value));

// After a refusal the server shows what was typed; only the files are missing then.
function putBack(form, parts) {
  const isRefused = form.querySelector(".error-summary") !== null;
  for (const input of form.elements) {
    const kept = parts.filter(([name]) => name === input.name).map(([, value]) => value);
    if (input.type === "file") {
      const bag = new DataTransfer();
      kept.forEach((file) => bag.items.add(file));
      input.files = bag.files;
    } else if (isRefused || input.type === "hidden" || !input.name) {
      continue;
    } else if (input.type === "checkbox" || input.type === "radio") {
      input.checked = kept.includes(input.value);
    } else if (kept.length) {
      [input.value] = kept;
    }
  }
}

function keepOne(status) {
  const form = status.closest("form");
  const { keep: key, keepDone: done } = status.dataset;
  const clear = form.querySelector("[data-keep-clear]");
  let timer = null;
  const tell = (state) => {
    status.textContent = status.dataset[state];
    status.classList.toggle("is-saved", state === "kept" || state === "restored");
    status.classList.toggle("is-failed", state === "offline");
  };
  const forget = () => inStore("readwrite", (store) => store.delete(key));
  async function save() {
    await inStore("readwrite", (store) => store.put({ at: Date.now(), parts: partsOf(form) }, key));
    form.dispatchEvent(new CustomEvent("draft-saved"));
    clear.hidden = false;
  }
  async function send() {
    clearTimeout(timer);
    tell("sending");
    let answer;
    try {
      await save();
      answer = await fetch(form.getAttribute("action") || location.href, { method: "POST", body: new FormData(form) });
    } catch {
      tell("offline");
      timer = setTimeout(send, RETRY_MS);
      return;
    }
    const isTaken = answer.redirected && new URL(answer.url).pathname === done;
    if (isTaken || answer.status === 409) {
      await forget();
      location.assign(done);
    } else if (answer.redirected) {
      location.reload(); // signed out meanwhile: what was typed is here again after signing in
    } else {
      HTMLFormElement.prototype.submit.call(form); // shows what the server says
    }
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => save().then(() => tell("kept"), () => {}), PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  window.addEventListener("online", () => status.classList.contains("is-failed") && send());
  clear.addEventListener("click", () => forget().then(() => location.reload()));
  inStore("readonly", (store) => store.get(key)).then((found) => {
    status.hidden = false;
    tell(found ? "restored" : "idle");
    clear.hidden = !found;
    if (found) putBack(form, found.parts);
  });
}

export async function keepForms(root) {
  if (!window.indexedDB) return;
  for (const form of root.querySelectorAll('form[action="/sign-out"]')) {
    form.addEventListener("submit", () => inStore("readwrite", (store) => store.clear()).catch(() => {}));
  }
  const kept = [...root.querySelectorAll("[data-keep]")];
  if (!kept.length) return;
  try {
    await dropOld();
  } catch {
    return; // a private window may have no database
  }
  kept.forEach(keepOne);
}
