// A QR code carries the code after "#", which no server and no log ever sees. Move it into the box and out of the address.
"use strict";
const box = document.getElementById("code");
const digits = location.hash.slice(1).replace(/\D/g, "");
if (box && digits.length === 16) {
  box.value = digits.replace(/(\d{4})(?=\d)/g, "$1 ");
  history.replaceState(null, "", location.pathname + location.search);
}
