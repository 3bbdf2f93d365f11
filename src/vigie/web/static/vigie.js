"use strict";
// Nothing here is needed to read a page: arrows inside drawings, word of a newer state, unfolded print.

function walk(event) {
  const drawing = event.currentTarget;
  const marks = [...drawing.querySelectorAll(".mark")].sort((a, b) => a.dataset.at - b.dataset.at);
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  if (!marks.length) return;
  const now = marks.findIndex((mark) => mark.classList.contains("current"));
  let next;
  if (event.key in steps) next = now < 0 ? (steps[event.key] > 0 ? 0 : marks.length - 1) : Math.min(marks.length - 1, Math.max(0, now + steps[event.key]));
  else if (event.key === "Home") next = 0;
  else if (event.key === "End") next = marks.length - 1;
  else if (event.key === "Escape") next = -1;
  else return;
  event.preventDefault();
  marks.forEach((mark) => mark.classList.remove("current"));
  const told = drawing.parentElement.querySelector(".told");
  if (next >= 0) {
    marks[next].classList.add("current");
    told.textContent = marks[next].dataset.text;
  } else told.textContent = document.body.dataset.keys;
}

for (const drawing of document.querySelectorAll("svg.drawing[tabindex]")) {
  const told = document.createElement("p");
  told.className = "told small";
  told.setAttribute("role", "status");
  drawing.insertAdjacentElement("afterend", told);
  drawing.addEventListener("keydown", walk);
  drawing.addEventListener("focus", () => { if (!told.textContent) told.textContent = document.body.dataset.keys; });
  for (const mark of drawing.querySelectorAll(".mark")) mark.addEventListener("pointerenter", () => { told.textContent = mark.dataset.text; });
}

if ("EventSource" in window && document.body.dataset.snapshot) {
  const body = document.body.dataset;
  const events = new EventSource("/events?at=" + encodeURIComponent(body.snapshot));
  events.addEventListener("snapshot", (event) => {
    const told = JSON.parse(event.data);
    const more = told.attacks - Number(body.attacks);
    const line = document.getElementById("fresh");
    const link = document.createElement("a");
    link.href = location.pathname + location.search;
    link.textContent = body.fresh;
    line.replaceChildren(more > 0 ? body.new.replace("{n}", String(more)) : body.state, " — ", link);
    line.hidden = false;
  });
  window.addEventListener("pagehide", () => events.close());
}

window.addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("main details:not(.filters)")) one.open = true;
});
