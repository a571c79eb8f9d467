// Conveniences on top of pages that work without them. One small module each; nothing here decides anything.
import { countCharacters } from "./count.js";
import { autosave } from "./autosave.js";
import { countdown } from "./countdown.js";
import { pollJobs } from "./poll.js";
import { warnUnsaved } from "./unsaved.js";
import { filterRows } from "./row_filter.js";
import { helpBallot } from "./ballot.js";
import { keepForms } from "./keep.js";
import { pageBehaviour } from "./page.js";

for (const start of [pageBehaviour, countCharacters, autosave, warnUnsaved, countdown, pollJobs, filterRows, helpBallot, keepForms]) {
  start(document);
}
