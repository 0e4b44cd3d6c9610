// Single keys for a list of the desk. Whoever uses none of them misses nothing; they can be switched off.
(() => {
  const list = document.querySelector(".list");
  if (!list) return;
  const OFF = "trainbase-list-keys-off";
  const dialog = document.getElementById("keys");
  const on = dialog.querySelector("[data-keys-on]");
  const remembered = () => { try { return localStorage.getItem(OFF); } catch { return null; } };
  on.checked = !remembered();
  on.addEventListener("change", () => {
    try { on.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"); } catch { /* not kept */ }
  });

  const help = list.querySelector("[data-keys]");
  help.hidden = false;
  help.addEventListener("click", () => dialog.showModal());

  const boxes = () => [...list.querySelectorAll('input[type=checkbox][name="one"]')];
  const count = list.querySelector("[data-count]");
  const whole = list.querySelector("[data-key=page]");
  const recount = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    if (count) count.textContent = String(chosen);
    if (whole) {
      whole.checked = chosen > 0 && chosen === boxes().length;
      whole.indeterminate = chosen > 0 && !whole.checked;
    }
  };
  if (whole) {
    whole.hidden = false;
    whole.addEventListener("change", () => {
      for (const box of boxes()) box.checked = whole.checked;
      recount();
    });
  }
  list.addEventListener("change", recount);
  recount();

  const rows = () => [...list.querySelectorAll("tbody tr")].filter((row) => handle(row));
  const link = (row) => row.querySelector("a.open") ?? row.querySelector("a[href]");
  const handle = (row) => link(row) ?? row.querySelector("input[name=one]");
  const here = () => document.activeElement?.closest?.(".list tbody tr");
  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(here());
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
    handle(all[next]).focus();
  };
  const keys = {
    "/": () => list.querySelector("[data-key=search]")?.focus(),
    j: () => step(1),
    k: () => step(-1),
    x: () => here()?.querySelector("input[name=one]")?.click(),
    o: () => {
      const row = here();
      if (row) link(row)?.click();
    },
    e: () => list.querySelector("[data-key=excel]")?.click(),
    "?": () => dialog.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (event.target.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable], dialog")) return;
    if (remembered() || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
})();
