"use strict";
(() => {
  const body = table => table.tBodies[0];
  const text = (row, at) => row.cells[at].textContent;
  const sorter = head => {
    const order = head.dataset.order && JSON.parse(head.dataset.order);
    if (head.dataset.sorts === "number") return cell => cell === "" ? null : parseFloat(cell.replace(/[,%]/g, ""));
    if (order) return cell => order.includes(cell) ? order.indexOf(cell) : null;
    return cell => cell === "" ? null : cell.toLowerCase();
  };
  const sort = (table, head) => {
    const at = head.cellIndex, value = sorter(head);
    const down = head.getAttribute("aria-sort") === "ascending";
    const sign = down ? -1 : 1;
    const rows = [...body(table).rows].map(row => [value(text(row, at)), row]);
    rows.sort(([a], [b]) => a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -sign : sign);
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    body(table).append(...rows.map(([, row]) => row));
  };
  const make = (kind, facts, ...inside) => {
    const made = Object.assign(document.createElement(kind), facts);
    made.append(...inside);
    return made;
  };
  const tools = table => {
    const heads = [...table.tHead.rows[0].cells], rows = [...body(table).rows], asked = [];
    const box = make("div", {className: "tools"});
    const said = make("p", {className: "soft"});
    said.setAttribute("role", "status");
    const show = () => {
      let count = 0;
      for (const row of rows) {
        row.hidden = !asked.every(test => test(row));
        count += !row.hidden;
      }
      said.textContent = `${count} of ${rows.length} shown`;
    };
    const search = make("input", {type: "search"});
    search.addEventListener("input", show);
    asked.push(row => row.textContent.toLowerCase().includes(search.value.toLowerCase().trim()));
    box.append(make("label", {}, "find ", search));
    for (const head of heads.filter(each => "pick" in each.dataset)) {
      const at = head.cellIndex, value = sorter(head);
      const found = [...new Set(rows.map(row => text(row, at)))].sort((a, b) => {
        const [one, two] = [value(a), value(b)];
        return one === two ? 0 : one === null ? 1 : two === null ? -1 : one < two ? -1 : 1;
      });
      if (found.length < 2) continue;
      const options = found.map((each, index) => make("option", {value: index + 1}, each || "(none)"));
      const select = make("select", {}, make("option", {value: 0}, "all"), ...options);
      select.addEventListener("change", show);
      asked.push(row => select.value === "0" || text(row, at) === found[select.value - 1]);
      box.append(make("label", {}, head.textContent + " ", select));
    }
    table.parentElement.before(box, said);
    show();
  };
  for (const table of document.querySelectorAll("table[data-sort]:not([data-sort=none])")) {
    if (table.dataset.sort === "tools") tools(table);
    for (const head of table.tHead.rows[0].cells) {
      const button = make("button", {type: "button"}, ...head.childNodes);
      button.addEventListener("click", () => sort(table, head));
      head.append(button);
    }
  }
  const folded = () => document.querySelectorAll("details:not([open])");
  let opened = [];
  addEventListener("beforeprint", () => { opened = [...folded()]; for (const each of opened) each.open = true; });
  addEventListener("afterprint", () => { for (const each of opened) each.open = false; });
})();
