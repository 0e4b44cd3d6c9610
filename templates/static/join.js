// Checks the resident ID while it is typed, and fetches the next places without a page. The page does
// all of this without a script too: the server checks, and a tap on a place sends the form.
"use strict";
(() => {
  const form = document.querySelector("form[data-join]");
  if (!form) return;

  const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const CHECKS = "10X98765432";

  /** The name of the text to show: GB 11643's check digit, and a birth day that was. */
  const faultOf = (id) => {
    if (!/^[0-9]*X?$/.test(id)) return "sign";
    if (id.length < 18) return "short";
    if (id.length > 18) return "long";
    const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(id[place]), 0);
    const [year, month, day] = [id.slice(6, 10), id.slice(10, 12), id.slice(12, 14)].map(Number);
    const born = new Date(year, month - 1, day);
    const real = born.getFullYear() === year && born.getMonth() === month - 1 && born.getDate() === day;
    if (!real || born > new Date()) return "birth";
    return CHECKS[sum % 11] === id[17] ? "ok" : "wrong";
  };

  const field = form.querySelector("#id_resident_id");
  const said = form.querySelector("#id-said");
  if (field && said) {
    const plain = (text) =>
      text.replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\s+/g, "").toUpperCase();
    const show = () => {
      const id = plain(field.value);
      const fault = id ? faultOf(id) : "";
      // Too few is said only when somebody has gone on to the next field.
      const quiet = fault === "short" && document.activeElement === field;
      said.textContent = !fault || quiet ? "" : said.dataset[fault].replace("{n}", Math.abs(18 - id.length));
      said.className = `said ${fault === "ok" ? "good" : "wrong"}`;
    };
    field.addEventListener("input", show);
    field.addEventListener("blur", show);
  }

  const box = form.querySelector(".picker");
  if (!box) return;
  const again = box.querySelector(".linkish")?.textContent || "↺";
  const button = (place, look) => {
    const made = document.createElement("button");
    made.className = look;
    made.name = "at";
    made.value = place.code;
    made.textContent = place.name;
    made.formNoValidate = true;
    made.setAttribute("formaction", "#village");
    return made;
  };
  const redraw = (answer) => {
    const drawn = [];
    if (answer.path.length) {
      const line = document.createElement("p");
      line.className = "small";
      const names = document.createElement("strong");
      names.textContent = `${answer.path.map((each) => each.name).join(" ")} `;
      line.append(names, button({ code: "0", name: again }, "linkish"));
      drawn.push(line);
    }
    const chips = document.createElement("div");
    chips.className = "chips";
    chips.append(...answer.choices.map((each) => button(each, "chip")));
    drawn.push(chips);
    box.replaceChildren(...drawn);
    if (answer.written) {
      form.querySelector("#id_village").value = answer.written;
      form.querySelector("#village-code").value = answer.path[answer.path.length - 1].code;
    }
    box.querySelector(answer.choices.length ? ".chip" : ".linkish")?.focus();
  };
  box.addEventListener("click", async (event) => {
    const tapped = event.target.closest("button[name=at]");
    if (!tapped) return;
    event.preventDefault();
    try {
      const answer = await fetch(box.dataset.places.replace("/0.json", `/${tapped.value}.json`));
      if (!answer.ok) throw new Error(String(answer.status));
      redraw(await answer.json());
    } catch {
      form.requestSubmit(tapped.isConnected ? tapped : undefined);
    }
  });
})();
