// Drag a session to another day. The form that is sent is the one behind "调整": nothing is decided here.
"use strict";
(function () {
  const form = document.getElementById("move-form");
  if (!form) return;
  let held = null;
  for (const entry of document.querySelectorAll(".entry[data-move]")) {
    entry.draggable = true;
    for (const link of entry.querySelectorAll("a")) link.draggable = false;
    entry.addEventListener("dragstart", (event) => {
      held = entry;
      entry.classList.add("held");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", entry.dataset.move);
    });
    entry.addEventListener("dragend", () => {
      entry.classList.remove("held");
      held = null;
    });
  }
  for (const cell of document.querySelectorAll("td[data-day]")) {
    cell.addEventListener("dragover", (event) => {
      if (!held) return;
      event.preventDefault();
      cell.classList.add("over");
    });
    cell.addEventListener("dragleave", () => cell.classList.remove("over"));
    cell.addEventListener("drop", (event) => {
      cell.classList.remove("over");
      if (!held || held.closest("td") === cell) return;
      event.preventDefault();
      form.action = held.dataset.move;
      form.elements.day.value = cell.dataset.day;
      form.elements.at.value = held.dataset.at;
      form.submit();
    });
  }
})();
