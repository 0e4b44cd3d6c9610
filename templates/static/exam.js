// Saves the paper by itself and shows the time that is left. Without it the page is as good: it is
// saved by its buttons, and the server keeps the time.
const form = document.getElementById("paper");
const said = document.getElementById("saved");
const clock = document.getElementById("left");
const count = document.getElementById("answered");
let until = performance.now() + Number(clock.dataset.left) * 1000;
let waiting = 0; // the timer of the next save
let changed = 0, kept = 0; // what was chosen last, and what the server has of it

const show = (words, bad = false) => {
  said.textContent = words;
  said.className = bad ? "badge warn" : "badge ok";
};
const save = async () => {
  const now = changed;
  const data = new FormData(form);
  data.set("act", "save");
  try {
    const answer = await fetch(location.pathname, {
      method: "POST", body: data, headers: { "X-Requested-With": "exam" },
    });
    if (answer.status === 409) return location.reload();
    if (answer.redirected || !answer.ok) throw answer.status;
    const told = await answer.json();
    if (told.over) return location.assign(location.pathname);
    until = performance.now() + told.left * 1000;
    kept = now;
    count.textContent = told.answered;
    show(said.dataset.ok);
  } catch {
    show(said.dataset.bad, true); // no signal: tried again until it is there
    plan(4000);
  }
};
const plan = (ms) => {
  clearTimeout(waiting);
  waiting = setTimeout(save, ms);
};
form.addEventListener("change", () => {
  changed += 1;
  show(said.dataset.now, true);
  plan(500);
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && changed > kept) save();
});
setInterval(() => {
  const left = Math.max(0, Math.round((until - performance.now()) / 1000));
  clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  if (left === 0) save(); // the server says that it is over
}, 1000);
