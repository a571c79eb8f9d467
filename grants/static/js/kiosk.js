// A QR code carries its code behind the #, which no server ever sees; it is filled in and taken out of the address.
const field = document.getElementById("code");
if (field && location.hash.length > 1) {
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  field.form.querySelector("button").focus();
}
// A page from the history of the device is fetched anew, never shown from memory.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(location.pathname);
});
